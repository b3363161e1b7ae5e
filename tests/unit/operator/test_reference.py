"""docs/operator.md says all there is to say: every reason, setting and metric."""

from pathlib import Path

from prometheus_client.metrics import MetricWrapperBase

from tradewind_operator import metrics
from tradewind_operator.conditions import REASONS
from tradewind_operator.settings import OperatorSettings

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "operator.md").read_text()
ROWS = {
    line.split("|")[1].strip().strip("`"): line.split("|")[2].strip() for line in PAGE.splitlines() if line[:2] == "| "
}


def test_every_reason_is_explained() -> None:
    assert {reason: ROWS.get(reason) for reason in REASONS} == dict(REASONS)


def test_every_setting_is_explained() -> None:
    for name, field in OperatorSettings.model_fields.items():
        assert ROWS[name.upper()].startswith(str(field.description)), name


def test_every_metric_is_explained() -> None:
    for metric in vars(metrics).values():
        if isinstance(metric, MetricWrapperBase):
            name = metric._name + ("_total" if metric._type == "counter" else "")
            assert ROWS[name].startswith(metric._documentation), name

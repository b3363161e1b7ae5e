"""A registered strategy: how it is run may change, what its ledger was made with may not."""

from pathlib import Path

import pytest
import yaml

from tradewind.manifest.load import parse_resource
from tradewind.manifest.plan import plan_strategy
from tradewind.manifest.resources import OPERATIONAL, TradingStrategy
from tradewind.paths import shipped_folder
from tradewind.store.database import connect
from tradewind.store.errors import StrategyChangedError
from tradewind.store.strategies import register_strategy

DOCUMENT = yaml.safe_load((shipped_folder("examples") / "sma-cross.yaml").read_text())
RUN = {
    "suspend": True,
    "updateStrategy": "Automatic",
    "deletionPolicy": "Flatten",
    "resources": {"ml": {"limits": {"cpu": 1}}},
    "image": "team/plug-in:1",
    "signal": {**DOCUMENT["spec"]["signal"], "replicas": 3},
}


def strategy(**changed: object) -> TradingStrategy:
    resource = parse_resource({**DOCUMENT, "spec": {**DOCUMENT["spec"], **changed}}, Path("changed"))
    assert isinstance(resource, TradingStrategy)
    return resource


def test_how_a_desk_is_run_may_change(database_url: str) -> None:
    assert {f"spec.{name}" for name in RUN} - {"spec.signal"} == OPERATIONAL - {"spec.signal.replicas"}
    with connect(database_url) as connection:
        for each in (strategy(), strategy(**RUN), strategy(tradingState="Halted"), strategy()):
            register_strategy(connection, each, plan_strategy(each))
        other = strategy(**RUN, sizing={"fraction": "19%"})
        with pytest.raises(StrategyChangedError, match=r"spec\.sizing\.fraction"):
            register_strategy(connection, other, plan_strategy(other))

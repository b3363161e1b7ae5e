import json
from pathlib import Path

import pytest

from tradewind.desk.child import ChildStatus
from tradewind.desk.demo import Stall
from tradewind.desk.folder import DataFolder
from tradewind.desk.launch import Desk, DeskError, launch
from tradewind.desk.ports import PortTakenError
from tradewind.manifest.load import load_strategy
from tradewind.manifest.plan import PORTS, plan_strategy
from tradewind.manifest.resources import TradingStrategy

SMA_CROSS = Path(__file__).resolve().parents[3] / "examples" / "sma-cross.yaml"


@pytest.fixture
def strategy() -> TradingStrategy:
    return load_strategy(SMA_CROSS)


@pytest.fixture
def desk(tmp_path: Path, strategy: TradingStrategy) -> Desk:
    folder = DataFolder(tmp_path)
    folder.create()
    return Desk(strategy, plan_strategy(strategy), folder, PORTS)


def failed(times: int) -> ChildStatus:
    return ChildStatus("ml", "restarting", None, 8001, times - 1, 1, times)


def test_every_service_of_the_plan_gets_its_settings(desk: Desk) -> None:
    programs = {child.program.name: child.program for child in desk.supervisor.services}
    assert set(programs) == {"ingestion", "ml", "trading", "backtest"}
    ml = programs["ml"]
    assert ml.arguments[-2:] == ("-m", "tradewind.ml")
    assert ml.port == 8001
    assert ml.environment["TRADEWIND_STRATEGY_ID"] == desk.plan.strategy_id
    assert ml.environment["TRADEWIND_FEED_ID"] == desk.plan.feed_id
    assert ml.environment["TRADEWIND_PORT"] == "8001"
    assert ml.environment["TRADEWIND_EXIT_WITH_PARENT"] == "true"
    assert ml.environment["TRADEWIND_MANIFEST"] == str(desk.folder.manifest(desk.plan.strategy_id))


def test_a_process_that_ends_again_and_again_is_an_error_with_the_end_of_its_log(desk: Desk) -> None:
    desk.folder.log("ml").write_text("\n".join(f"line {number}" for number in range(100)))
    desk.supervisor.statuses = (failed(5),)
    desk.check()
    desk.supervisor.statuses = (failed(6),)
    with pytest.raises(
        DeskError, match=r"ml ended 6 times soon after its start, last with 1\.(.|\n)*line 99$"
    ) as raised:
        desk.check()
    assert "line 5\n" not in str(raised.value)


def test_why_the_supervision_ended_is_told(desk: Desk) -> None:
    desk.supervisor.failure = LookupError("refused")
    with pytest.raises(LookupError, match="refused"):
        desk.check()


def test_a_taken_port_starts_nothing(tmp_path: Path, strategy: TradingStrategy) -> None:
    ports = {**PORTS, "ml": PORTS["trading"]}
    with pytest.raises(PortTakenError), launch(strategy, DataFolder(tmp_path), ports):
        pass
    assert not (tmp_path / "run" / "status.json").exists()
    assert not (tmp_path / "postgres").exists()


def test_the_services_read_the_manifest_that_was_planned(desk: Desk, strategy: TradingStrategy) -> None:
    manifest = json.loads(desk.plan.manifest)
    assert manifest["metadata"]["uid"] == str(strategy.id.uid)


def test_nothing_moving_for_long_is_an_error_that_names_the_logs(desk: Desk) -> None:
    now = [0.0]
    stall = Stall(desk, lambda: now[0])
    for now[0], news in ((100.0, "a"), (219.0, "a"), (221.0, "b"), (340.0, "b")):
        stall.check(news)
    now[0] = 342.0
    with pytest.raises(DeskError, match=f"nothing has moved for 120 s .*the logs in {desk.folder.logs} say more"):
        stall.check("b")

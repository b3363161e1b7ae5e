import json
import re
from pathlib import Path

import pytest

from tradewind.desk.child import ChildStatus
from tradewind.desk.demo import Stall
from tradewind.desk.errors import DeskError, KafkaOptionError
from tradewind.desk.folder import DataFolder
from tradewind.desk.foundations import choose_foundations
from tradewind.desk.launch import Deployment, Desk, launch
from tradewind.desk.ports import Ports, PortTakenError
from tradewind.manifest.load import load_strategy
from tradewind.manifest.plan import PORTS, plan_strategy
from tradewind.manifest.resources import TradingStrategy
from tradewind.store.errors import DatabaseUnusableError

SMA_CROSS = Path(__file__).resolve().parents[3] / "examples" / "sma-cross.yaml"


@pytest.fixture
def strategy() -> TradingStrategy:
    return load_strategy(SMA_CROSS)


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    folder = DataFolder(tmp_path)
    folder.create()
    return folder


def desk_of(folder: DataFolder, *strategies: TradingStrategy, kafka: str = "embedded", url: str | None = None) -> Desk:
    ports: list[Ports] = [
        {service: port + 4 * number for service, port in PORTS.items()} for number in range(len(strategies))
    ]
    deployments = [Deployment(each, plan_strategy(each), at) for each, at in zip(strategies, ports, strict=True)]
    return Desk(deployments, folder, choose_foundations(folder, url, kafka))


@pytest.fixture
def desk(folder: DataFolder, strategy: TradingStrategy) -> Desk:
    return desk_of(folder, strategy)


def named(strategy: TradingStrategy, name: str, namespace: str = "default") -> TradingStrategy:
    metadata = strategy.metadata.model_copy(update={"name": name, "namespace": namespace})
    return strategy.model_copy(update={"metadata": metadata})


def failed(times: int) -> ChildStatus:
    return ChildStatus("sma-cross/ml", "restarting", None, 8001, times - 1, 1, times)


def test_every_service_of_the_plan_gets_its_settings(desk: Desk) -> None:
    programs = {child.program.name: child.program for child in desk.supervisor.services}
    assert set(programs) == {"sma-cross/ingestion", "sma-cross/ml", "sma-cross/trading", "sma-cross/backtest"}
    ml = programs["sma-cross/ml"]
    plan = desk.deployments[0].plan
    assert ml.arguments[-2:] == ("-m", "tradewind.ml")
    assert ml.port == 8001
    assert ml.environment["TRADEWIND_STRATEGY_ID"] == plan.strategy_id
    assert ml.environment["TRADEWIND_FEED_ID"] == plan.feed_id
    assert ml.environment["TRADEWIND_PORT"] == "8001"
    assert ml.environment["TRADEWIND_EXIT_WITH_PARENT"] == "true"
    assert ml.environment["TRADEWIND_MANIFEST"] == str(desk.folder.manifest(plan.strategy_id))
    learned = ml.learns(
        {"TRADEWIND_DATABASE_URL": "postgresql://me@db/desk", "TRADEWIND_KAFKA_BOOTSTRAP_SERVERS": "k:1"}
    )
    assert learned == {
        "TRADEWIND_DATABASE_URL": "postgresql://me@db/desk?options=-c%20role%3Dtradewind_ml",
        "TRADEWIND_KAFKA_BOOTSTRAP_SERVERS": "k:1",
    }


def test_each_of_several_strategies_gets_processes_ports_manifest_and_logs_of_its_own(
    folder: DataFolder, strategy: TradingStrategy
) -> None:
    desk = desk_of(folder, strategy, named(strategy, "fast"), named(strategy, "fast", namespace="team"))
    programs = {child.program.name: child.program for child in desk.supervisor.services}
    assert len(programs) == 12
    trading = [programs[f"{name}/trading"] for name in ("sma-cross", "fast", "team.fast")]
    assert [program.port for program in trading] == [8000, 8004, 8008]
    assert [program.environment["TRADEWIND_PORT"] for program in trading] == ["8000", "8004", "8008"]
    assert len({program.environment["TRADEWIND_MANIFEST"] for program in trading}) == 3
    assert len({folder.log(name) for name in programs}) == 12
    assert desk.ports["fast/backtest"] == 8007


def test_a_foreign_database_is_told_to_the_services_by_environment_and_nothing_of_postgresql_is_started(
    folder: DataFolder, strategy: TradingStrategy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGSSLROOTCERT", "/ca.pem")
    login = {
        "TRADEWIND_KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
        "TRADEWIND_KAFKA_SASL_MECHANISM": "PLAIN",
        "TRADEWIND_KAFKA_USERNAME": "me",
        "TRADEWIND_KAFKA_PASSWORD": "another secret",
    }
    for name, value in login.items():
        monkeypatch.setenv(name, value)
    desk = desk_of(folder, strategy, url="postgresql://me:secret@db:5433/desk", kafka="k1:9092,k2:9092")
    assert desk.foundations.programs == ()
    assert desk.foundations.given == {
        "TRADEWIND_DATABASE_URL": "postgresql://me:secret@db:5433/desk",
        "PGSSLROOTCERT": "/ca.pem",
        "TRADEWIND_KAFKA_BOOTSTRAP_SERVERS": "k1:9092,k2:9092",
        **login,
    }
    assert desk.foundations.database.description == "me@db:5433/desk"
    assert not any("secret" in part for child in desk.supervisor.services for part in child.program.arguments)


@pytest.mark.parametrize("kafka", ["", "embeded", "host", "host:port", "host:9092,", "http://host:9092", "a b:1"])
def test_what_is_no_broker_is_refused(folder: DataFolder, kafka: str) -> None:
    with pytest.raises(KafkaOptionError, match="not embedded, embedded-jvm or host:port"):
        choose_foundations(folder, None, kafka)


def test_the_services_find_a_ca_file_that_was_named_from_where_the_command_ran(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder.root / "ca.pem").write_text("")
    monkeypatch.chdir(folder.root)
    monkeypatch.setenv("TRADEWIND_KAFKA_SECURITY_PROTOCOL", "SSL")
    monkeypatch.setenv("TRADEWIND_KAFKA_CA_FILE", "ca.pem")
    given = choose_foundations(folder, None, "kafka:9092").given
    assert given["TRADEWIND_KAFKA_CA_FILE"] == str(folder.root / "ca.pem")


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("SECURITY_PROTOCOL", "TLS", "TRADEWIND_KAFKA_SECURITY_PROTOCOL: Input should be 'PLAINTEXT', 'SSL'"),
        ("PASSWORD", "secret", "set the security protocol to SASL_SSL"),
    ],
)
def test_a_login_to_kafka_that_contradicts_itself_is_refused_and_matters_to_a_foreign_broker_only(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, said: str
) -> None:
    monkeypatch.setenv(f"TRADEWIND_KAFKA_{variable}", value)
    assert choose_foundations(folder, None, "embedded").given == {}
    with pytest.raises(KafkaOptionError, match=said) as raised:
        choose_foundations(folder, None, "kafka:9092")
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "postgres//me:secret@db/desk",
        "postgresql://me:sec@ret@db/desk",
        "postgresql://me:sec/ret@db/desk",
        "postgresql://me:se%cret@db/desk",
        "postgresql://me:sec ret@db/desk",
    ],
)
def test_a_url_that_cannot_be_read_is_refused_without_a_word_of_it(folder: DataFolder, url: str) -> None:
    with pytest.raises(DatabaseUnusableError, match="write it as postgresql://user:password@host:5432/data") as raised:
        choose_foundations(folder, url, "embedded")
    assert not re.search("secret|sec|ret", str(raised.value))


def test_a_process_that_ends_again_and_again_is_an_error_with_the_end_of_its_log(desk: Desk) -> None:
    desk.folder.log("sma-cross/ml").write_text("\n".join(f"line {number}" for number in range(100)))
    desk.supervisor.statuses = (failed(5),)
    desk.check()
    desk.supervisor.statuses = (failed(6),)
    with pytest.raises(
        DeskError, match=r"sma-cross/ml ended 6 times soon after its start, last with 1\.(.|\n)*line 99$"
    ) as raised:
        desk.check()
    assert "line 5\n" not in str(raised.value)


def test_why_the_supervision_ended_is_told(desk: Desk) -> None:
    desk.supervisor.failure = LookupError("refused")
    with pytest.raises(LookupError, match="refused"):
        desk.check()


def test_a_taken_port_starts_nothing(tmp_path: Path, strategy: TradingStrategy) -> None:
    folder = DataFolder(tmp_path)
    ports: Ports = {**PORTS, "ml": PORTS["trading"]}
    with (
        pytest.raises(PortTakenError),
        launch([strategy], folder, ports, choose_foundations(folder, None, "embedded")),
    ):
        pass
    assert not (tmp_path / "run" / "status.json").exists()
    assert not (tmp_path / "postgres").exists()


def test_the_services_read_the_manifest_that_was_planned(desk: Desk, strategy: TradingStrategy) -> None:
    manifest = json.loads(desk.deployments[0].plan.manifest)
    assert manifest["metadata"]["uid"] == str(strategy.id.uid)


def test_nothing_moving_for_long_is_an_error_that_names_the_logs(desk: Desk) -> None:
    now = [0.0]
    stall = Stall(desk, lambda: now[0])
    for now[0], news in ((100.0, "a"), (219.0, "a"), (221.0, "b"), (340.0, "b")):
        stall.check(news)
    now[0] = 342.0
    with pytest.raises(DeskError, match=f"nothing has moved for 120 s .*the logs in {desk.folder.logs} say more"):
        stall.check("b")

"""Manifests: what is valid loads, what is not is named by path and field."""

from pathlib import Path

import pytest

from tradewind.domain.rules import codes
from tradewind.manifest.load import ManifestError, load_resources, load_strategy, load_tested, require_running
from tradewind.manifest.plan import plan_strategy
from tradewind.manifest.resources import Backtest, TradingStrategy

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
QUICKSTART = (EXAMPLES / "quickstart.yaml").read_text()


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.yaml")), ids=lambda p: p.name)
def test_every_example_loads(path: Path) -> None:
    assert load_resources(path)


def test_rates_reach_the_rule_book_exactly() -> None:
    rules = load_strategy(EXAMPLES / "quickstart.yaml").spec.rules()
    assert (rules.fee_rate, rules.slippage, rules.stop_loss) == (50_000, 20_000, 5_000_000)
    assert rules.max_signal_age == 7 * 86_400_000_000
    assert (rules.max_order_notional, rules.orders_per_minute, rules.max_participation) == (0, 0, 0)


def test_limits_of_one_order_and_of_a_minute_reach_the_rule_book(tmp_path: Path) -> None:
    path = tmp_path / "strategy.yaml"
    limits = 'maxOrderNotional: "12500.5", ordersPerMinute: 30, maxDailyLoss: "3%"'
    text = QUICKSTART.replace('maxDailyLoss: "3%"', limits).replace(
        "type: Paper", 'type: Paper, maxParticipation: "10%"'
    )
    path.write_text(text + "  tradingState: Reducing\n")
    spec = load_strategy(path).spec
    rules = spec.rules()
    assert (rules.max_order_notional, rules.orders_per_minute, rules.max_participation) == (125_005_000, 30, 10_000_000)
    assert spec.trading_state == "Reducing"


def test_what_a_signal_orders_reaches_the_rule_book(tmp_path: Path) -> None:
    path = tmp_path / "strategy.yaml"
    execution = '{orderType: StopLimit, stopOffset: "0.5%", limitOffset: "0.1%", timeInForce: DAY}'
    path.write_text(QUICKSTART.replace("broker:", f"execution: {execution}\n  broker:"))
    rules = load_strategy(path).spec.rules()
    assert (rules.order_type, rules.time_in_force) == (codes.STOP_LIMIT, codes.DAY)
    assert (rules.stop_offset, rules.limit_offset, rules.tick) == (500_000, 100_000, 100)


@pytest.mark.parametrize(
    ("sizing", "expected"),
    [
        ("{}", (20_000_000, 0, 0, 0, 0)),
        ('{targetVolatility: "15%"}', (20_000_000, 0, 944_911, 0, 0)),
        ('{targetVolatility: "15%", fraction: "50%"}', (50_000_000, 0, 944_911, 0, 0)),
        ('{kelly: "50%"}', (20_000_000, 0, 0, 50_000_000, 20)),
        ('{kelly: "50%", fraction: "40%", kellyTrades: 5}', (40_000_000, 0, 0, 50_000_000, 5)),
        ('{notional: "2.5"}', (0, 25_000, 0, 0, 0)),
    ],
)
def test_a_size_reaches_the_rule_book(tmp_path: Path, sizing: str, expected: tuple[int, ...]) -> None:
    path = tmp_path / "strategy.yaml"
    path.write_text(QUICKSTART.replace("broker:", f"sizing: {sizing}\n  broker:"))
    rules = load_strategy(path).spec.rules()
    found = (rules.fraction, rules.notional, rules.target_volatility, rules.kelly, rules.kelly_trades)
    assert found == expected


@pytest.mark.parametrize(
    ("was", "becomes", "field", "message"),
    [
        ('stopLoss: "5%"', 'stopLoss: "5"', "spec.risk.stopLoss", "is not a percentage"),
        (
            'stopLoss: "5%"',
            "stopLoss: 0.05",
            "spec.risk.stopLoss",
            'valid string, written in quotes, a percentage as "5%"',
        ),
        ('stopLoss: "5%"', 'stoploss: "5%"', "spec.risk.stoploss", "is no field; stopLoss was meant?"),
        ('stopLoss: "5%"', 'luck: "5%"', "spec.risk.luck", "is no field; known are maxPosition, "),
        ('stopLoss: "5%"', 'stopLoss: "0%"', "spec.risk.stopLoss", "above 0%"),
        ('fee: "0.05%"', 'fee: "-1%"', "spec.broker.fee", "at least 0%"),
        ('initialCash: "100000"', "initialCash: -5", "spec.account.initialCash", "above 0"),
        ('initialCash: "100000"', "initialCash: 1.5", "spec.account.initialCash", "valid string"),
        ("AAPL, GOOG", "AAPL, AAPL", "spec.symbols", "named twice"),
        ("AAPL, GOOG", "aapl, GOOG", "spec.symbols.0", "pattern"),
        ("type: Paper", "type: Moon", "spec.broker.type", "Paper"),
        ('tradeFrom: "2009-03-02"', 'tradeFrom: "2001-01-01"', "spec.feed.replay", "does not hold"),
        ('contamination: "1%"', 'contamination: "60%"', "spec.signal.anomalyGuard", "above 50%"),
        ('maxDailyLoss: "3%"', "maxOrderNotional: 0", "spec.risk.maxOrderNotional", "above 0"),
        ('maxDailyLoss: "3%"', "ordersPerMinute: 0", "spec.risk.ordersPerMinute", "greater than or equal to 1"),
        ('slippage: "0.02%"', 'maxParticipation: "0%"', "spec.broker.maxParticipation", "above 0%"),
        ("broker:", "tradingState: Paused\n  broker:", "spec.tradingState", "'Active', 'Reducing' or 'Halted'"),
        ("broker:", "execution: {orderType: Limit}\n  broker:", "spec.execution", "Limit needs limitOffset"),
        ("broker:", 'execution: {stopOffset: "1%"}\n  broker:', "spec.execution", "Market has no stopOffset"),
        (
            "broker:",
            'execution: {orderType: Stop, stopOffset: "1%", timeInForce: IOC}\n  broker:',
            "spec.execution",
            "can't be IOC",
        ),
        ("broker:", 'sizing: {notional: 5, kelly: "50%"}\n  broker:', "spec.sizing", "give one of"),
        ("broker:", 'sizing: {targetVolatility: "9%", kelly: "50%"}\n  broker:', "spec.sizing", "give one of"),
        ("broker:", "sizing: {kellyTrades: 5}\n  broker:", "spec.sizing", "nothing without kelly"),
        ("broker:", 'sizing: {kelly: "101%"}\n  broker:', "spec.sizing.kelly", "at most 100%"),
        ("broker:", 'sizing: {notional: 5, fraction: "5%"}\n  broker:', "spec.sizing", "either fraction or notional"),
        ("name: quickstart", "name: Quick_Start", "metadata.name", "pattern"),
        ("kind: TradingStrategy", "kind: Desk", "kind", "TradingStrategy or Backtest"),
        (
            "interval: 1d",
            "interval: 1d, cadence: 5",
            "spec.feed.cadence",
            "is no field; known are source, interval, replay",
        ),
    ],
)
def test_a_wrong_field_is_named(tmp_path: Path, was: str, becomes: str, field: str, message: str) -> None:
    assert was in QUICKSTART
    path = tmp_path / "strategy.yaml"
    path.write_text(QUICKSTART.replace(was, becomes))
    with pytest.raises(ManifestError) as caught:
        load_strategy(path)
    assert [p.field for p in caught.value.problems] == [field]
    assert message in str(caught.value)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [("", "is empty"), ("a: [", "is not YAML"), ("- 1", "is a mapping"), ("\xff".encode("latin-1"), "is not UTF-8")],
)
def test_an_unreadable_file_is_named(tmp_path: Path, text: str | bytes, message: str) -> None:
    path = tmp_path / "strategy.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ManifestError, match=message):
        load_strategy(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match=r"nowhere\.yaml: cannot be read: No such file"):
        load_strategy(tmp_path / "nowhere.yaml")


def test_a_backtest_finds_its_strategy_and_replaces_its_window(tmp_path: Path) -> None:
    path = tmp_path / "both.yaml"
    path.write_text(
        QUICKSTART
        + """
---
apiVersion: tradewind.dev/v1alpha1
kind: Backtest
metadata: {name: short}
spec:
  strategyRef: {name: quickstart}
  window: {from: "2006-03-01", tradeFrom: "2010-03-01", to: "2011-03-01"}
"""
    )
    strategy, backtest = load_resources(path)
    assert isinstance(strategy, TradingStrategy)
    assert isinstance(backtest, Backtest)
    tested = backtest.strategy((strategy,))
    assert str(tested.spec.feed.replay.trade_from) == "2010-03-01"
    assert tested.spec.risk == strategy.spec.risk
    with pytest.raises(LookupError, match="no TradingStrategy 'quickstart'"):
        backtest.strategy(())
    assert load_tested(path) == tested
    path.write_text(path.read_text().replace("strategyRef: {name: quickstart}", "strategyRef: {name: other}"))
    with pytest.raises(ManifestError, match=r"spec\.strategyRef: no TradingStrategy 'other'"):
        load_tested(path)
    path.write_text(path.read_text().replace('tradeFrom: "2010-03-01"', 'tradeFrom: "2001-03-01"'))
    with pytest.raises(ManifestError, match=r"spec\.window: from < tradeFrom <= to does not hold"):
        load_tested(path)


def test_without_a_backtest_the_strategy_is_tested_as_it_is() -> None:
    path = EXAMPLES / "sma-cross.yaml"
    assert load_tested(path) == load_strategy(path)


def test_the_plan_is_pure_and_its_manifest_loads_again(tmp_path: Path) -> None:
    strategy = load_strategy(EXAMPLES / "quickstart.yaml")
    plan = plan_strategy(strategy)
    assert plan == plan_strategy(load_strategy(EXAMPLES / "quickstart.yaml"))
    assert {s.service: s.port for s in plan.services} == {
        "ingestion": 8002, "ml": 8001, "trading": 8000, "backtest": 8003
    }  # fmt: skip
    path = tmp_path / "mounted.json"
    path.write_text(plan.manifest)
    again = load_strategy(path)
    assert again.spec == strategy.spec
    assert again.id == strategy.id
    assert plan_strategy(again) == plan


def test_a_rule_needs_no_tensorflow_image() -> None:
    images = {s.service: s.image for s in plan_strategy(load_strategy(EXAMPLES / "sma-cross.yaml")).services}
    assert images["ml"] == "tradewind-strategy"


@pytest.mark.parametrize(
    ("was", "becomes", "field"),
    [
        ("type: Paper", 'type: Paper, borrowRate: "10%"', "spec.broker.borrowRate"),
        ("type: Paper", 'type: Paper, borrowRate: "-1%"', "spec.broker.borrowRate"),
        ("  account:", "  execution: {reverse: true}\n  account:", "spec"),
    ],
)
def test_shorts_that_can_not_be_are_refused(tmp_path: Path, was: str, becomes: str, field: str) -> None:
    path = tmp_path / "strategy.yaml"
    path.write_text(QUICKSTART.replace(was, becomes, 1))
    with pytest.raises(ManifestError) as refused:
        load_strategy(path)
    assert [problem.field for problem in refused.value.problems] == [field]


def test_a_short_is_borrowed_at_a_rate_that_is_not_zero(tmp_path: Path) -> None:
    path = tmp_path / "strategy.yaml"
    path.write_text(QUICKSTART.replace("risk: {", "risk: {allowShort: true, ", 1))
    rules = load_strategy(path).spec.rules()
    assert (rules.allow_short, rules.borrow_rate, rules.reverse) == (1, 3_000_000, 0)
    assert load_strategy(EXAMPLES / "quickstart.yaml").spec.rules().borrow_rate == 0


def written(tmp_path: Path, *edits: tuple[str, str], of: str = QUICKSTART) -> Path:
    path = tmp_path / "strategy.yaml"
    for was, becomes in edits:
        assert was in of
        of = of.replace(was, becomes, 1)
    path.write_text(of)
    return path


RUN = """  suspend: true
  updateStrategy: Automatic
  deletionPolicy: Flatten
  image: registry.example.com:5000/team/plug-in:1.2
  resources:
    ml: {requests: {cpu: 500m, memory: 1Gi}, limits: {cpu: 2, memory: 2Gi}}
  broker:"""


def test_how_a_desk_is_run_reaches_the_plan_and_not_what_services_mount(tmp_path: Path) -> None:
    strategy = load_strategy(written(tmp_path, ("  broker:", RUN), ("model: LSTM", "model: LSTM\n    replicas: 3")))
    plan, plain = plan_strategy(strategy), plan_strategy(load_strategy(EXAMPLES / "quickstart.yaml"))
    assert plan.manifest == plain.manifest
    assert (plan.suspended, plain.suspended) == (True, False)
    own = {s.service: (s.own_image, s.replicas) for s in plan.services}
    image = "registry.example.com:5000/team/plug-in:1.2"
    assert own == {"ingestion": (None, 1), "ml": (image, 3), "trading": (None, 1), "backtest": (image, 1)}
    given = {s.service: s.resources for s in plan.services}
    assert given["trading"] is None
    assert given["ml"] is not None
    assert given["ml"].model_dump(exclude_none=True) == {
        "requests": {"cpu": "500m", "memory": "1Gi"},
        "limits": {"cpu": "2", "memory": "2Gi"},
    }
    assert set(strategy.cluster_only()) == {
        "spec.updateStrategy", "spec.deletionPolicy", "spec.resources", "spec.image", "spec.signal.replicas"
    }  # fmt: skip
    assert load_strategy(EXAMPLES / "quickstart.yaml").cluster_only() == ()
    with pytest.raises(ManifestError, match=r"spec\.suspend: TradingStrategy quickstart is suspended"):
        require_running(strategy, tmp_path)


@pytest.mark.parametrize(
    ("resources", "field", "message"),
    [
        ("{limits: {cpu: 1.5}}", "spec.resources.ml.limits.cpu", "valid string"),
        ("{limits: {cpu: 0.5m}}", "spec.resources.ml.limits.cpu", "is not a quantity of CPU"),
        ('{limits: {cpu: "0"}}', "spec.resources.ml.limits.cpu", "is no CPU at all"),
        ("{limits: {memory: 1GB}}", "spec.resources.ml.limits.memory", "is not a quantity of memory"),
        ("{limits: {memory: 0}}", "spec.resources.ml.limits.memory", "is no memory at all"),
        ("{requests: {cpu: 2}, limits: {cpu: 1500m}}", "spec.resources.ml", "requests.cpu 2 is above limits.cpu 1500m"),
        ("{requests: {memory: 1G}, limits: {memory: 900M}}", "spec.resources.ml", "requests.memory 1G is above"),
        ("{requests: {gpu: 1}}", "spec.resources.ml.requests.gpu", "is no field; cpu was meant"),
    ],
)
def test_resources_that_can_not_be_are_refused(tmp_path: Path, resources: str, field: str, message: str) -> None:
    path = written(tmp_path, ("  broker:", f"  resources: {{ml: {resources}}}\n  broker:"))
    with pytest.raises(ManifestError, match=message) as refused:
        load_strategy(path)
    assert [problem.field for problem in refused.value.problems] == [field]


@pytest.mark.parametrize(
    ("was", "becomes", "field"),
    [
        ("stopLoss:", "stop_loss:", "spec.risk.stop_loss"),
        ('maxDailyLoss: "3%"', 'ordersPerMinute: "5"', "spec.risk.ordersPerMinute"),
        ('maxDailyLoss: "3%"', "ordersPerMinute: 5.5", "spec.risk.ordersPerMinute"),
        ('tradeFrom: "2009-03-02"', 'tradeFrom: "1234567890"', "spec.feed.replay.tradeFrom"),
        ('tradeFrom: "2009-03-02"', 'tradeFrom: "2009-03-02T00:00:00Z"', "spec.feed.replay.tradeFrom"),
        ('maxDailyLoss: "3%"', 'allowShort: "yes"', "spec.risk.allowShort"),
        ('lookback: "60"', "lookback: 60.5", "spec.signal.parameters.lookback"),
        ("model: LSTM", "model: LSTM\n    replicas: 0", "spec.signal.replicas"),
        ("  broker:", "  image: UPPER/case\n  broker:", "spec.image"),
    ],
)
def test_what_a_cluster_would_refuse_is_refused_here(tmp_path: Path, was: str, becomes: str, field: str) -> None:
    with pytest.raises(ManifestError) as refused:
        load_strategy(written(tmp_path, (was, becomes)))
    assert field in [problem.field for problem in refused.value.problems]


def test_what_a_cluster_would_take_for_the_same_is_taken_here(tmp_path: Path) -> None:
    plain = load_strategy(written(tmp_path, ('maxDailyLoss: "3%"', "ordersPerMinute: 5")))
    same = "ordersPerMinute: 5.0, maxDailyLoss: null}\n  sizing: null\n  execution: {timeInForce: null"
    path = written(tmp_path, ('maxDailyLoss: "3%"', same), ('"2009-03-02"', "2009-03-02"))
    assert load_strategy(path) == plain


def test_what_an_api_server_adds_is_passed_over(tmp_path: Path) -> None:
    metadata = """
  name: quickstart
  labels: {team: rates}
  annotations: {note: "x"}
  generation: 4
  resourceVersion: "17"
  creationTimestamp: 2026-01-02T03:04:05Z
status: {phase: Running}
"""
    path = written(tmp_path, ("metadata: {name: quickstart}", f"metadata:{metadata}"))
    assert load_strategy(path) == load_strategy(EXAMPLES / "quickstart.yaml")
    path = written(tmp_path, ("metadata: {name: quickstart}", "metadata: {name: quickstart, namepsace: there}"))
    with pytest.raises(ManifestError, match=r"metadata\.namepsace"):
        load_strategy(path)

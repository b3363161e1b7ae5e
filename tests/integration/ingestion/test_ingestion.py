"""The ingestion service on a real PostgreSQL: the replay's pace, its restart, its routes."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from fastapi.testclient import TestClient

from tradewind.bus.access import KafkaAccess
from tradewind.bus.events import BarClosed, SharesSplit, decode
from tradewind.bus.producer import Producer
from tradewind.ingestion.api import add_routes
from tradewind.ingestion.replay import ReplayFeed
from tradewind.ingestion.sources.replay import ReplaySource
from tradewind.manifest.feed import Replay
from tradewind.manifest.load import load_strategy
from tradewind.manifest.owners import feed_owner
from tradewind.runtime.app import create_app
from tradewind.runtime.health import Health
from tradewind.runtime.relay import Relay
from tradewind.store.database import Connection, connect, open_pool
from tradewind.store.watermarks import advance_watermark
from tradewind.store.writer import Writer

SPEC = load_strategy(Path(__file__).resolve().parents[3] / "examples" / "quickstart.yaml").spec
SOURCE = ReplaySource(SPEC.feed.replay, SPEC.symbols)
FEED = "replay.test"
AHEAD = 5


@contextmanager
def replaying(database_url: str, kafka: KafkaAccess, source: ReplaySource = SOURCE) -> Iterator[Health]:
    """Run the replay with one reader named `reader`; leaving stops it."""
    health = Health("writer", "history")
    stop = threading.Event()
    owner = feed_owner(FEED)
    relay = Relay(database_url, owner, Producer(kafka), ["reader"])
    with Writer(database_url, owner) as writer:
        feed = ReplayFeed(writer, relay, health, source, FEED, SPEC.symbols, ["reader"], AHEAD)
        thread = threading.Thread(target=feed.run, args=(stop,))
        thread.start()
        try:
            yield health
        finally:
            stop.set()
            thread.join()


def handed_out(connection: Connection) -> int:
    row = connection.execute("SELECT count(DISTINCT instant) FROM outbox WHERE topic = 'market_data'").fetchone()
    assert row is not None
    return int(row[0])


def wait_for(connection: Connection, instants: int) -> None:
    deadline = time.monotonic() + 15
    while handed_out(connection) < instants:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_the_replay_stays_within_reach_of_its_reader_and_goes_on_after_a_restart(
    database_url: str, kafka: KafkaAccess
) -> None:
    traded = SOURCE.traded_sessions()
    with connect(database_url) as connection:
        with replaying(database_url, kafka) as health:
            wait_for(connection, AHEAD)
            time.sleep(0.1)
            assert handed_out(connection) == AHEAD
            assert health.reasons == {}
            advance_watermark(connection, "reader", traded[2])
            wait_for(connection, 3 + AHEAD)
        with replaying(database_url, kafka):
            advance_watermark(connection, "reader", traded[9])
            wait_for(connection, 10 + AHEAD)
            time.sleep(0.1)
        rows = connection.execute("SELECT value FROM outbox ORDER BY outbox_id").fetchall()
        stored = connection.execute("SELECT count(*) FROM market_data WHERE close_time < %s", [traded[0]]).fetchone()
    events = [decode("market_data", row[0]) for row in rows]
    bars = [event for event in events if isinstance(event, BarClosed)]
    assert len(bars) == len(events)
    expected = [(symbol, instant) for instant in traded[: 10 + AHEAD] for symbol in SPEC.symbols]
    assert [(bar.symbol, bar.close_time) for bar in bars] == expected
    assert stored == (4 * 1007,)


def test_a_split_is_stored_and_published_before_the_bar_that_it_comes_before(
    database_url: str, kafka: KafkaAccess
) -> None:
    window = Replay(from_=date(2003, 1, 2), trade_from=date(2005, 2, 24), to=date(2005, 3, 4))
    source = ReplaySource(window, SPEC.symbols)
    with connect(database_url) as connection, replaying(database_url, kafka, source):
        wait_for(connection, AHEAD)
        rows = connection.execute("SELECT value FROM outbox ORDER BY outbox_id").fetchall()
        stored = connection.execute(
            "SELECT symbol, ex_time, kind, numerator, denominator FROM corporate_actions ORDER BY ex_time"
        ).fetchall()
    events = [decode("market_data", row[0]) for row in rows]
    at = datetime(2005, 2, 28, 21, tzinfo=UTC)
    assert stored == [("MSFT", datetime(2003, 2, 18, 21, tzinfo=UTC), "SPLIT", 2, 1), ("AAPL", at, "SPLIT", 2, 1)]
    splits = [n for n, event in enumerate(events) if isinstance(event, SharesSplit)]
    assert len(splits) == 1  # MSFT's is history: stored, not published
    bar = next(n for n, e in enumerate(events) if isinstance(e, BarClosed) and (e.symbol, e.close_time) == ("AAPL", at))
    assert splits[0] < bar


def test_routes(database_url: str) -> None:
    app = create_app("ingestion", Health())
    with open_pool(database_url) as pool:
        add_routes(app, pool, SPEC, FEED, SOURCE)
        with TestClient(app, raise_server_exceptions=False) as client:
            assert client.get("/symbols").json()["symbols"][0] == {
                "symbol": "AAPL", "bars": 0, "first": None, "last": None
            }  # fmt: skip
            assert client.post("/ingest/IBM").json() == {"symbol": "IBM", "source": "REPLAY", "bars": 1007, "new": 1007}
            assert client.post("/ingest/IBM").json()["new"] == 0
            ibm = client.get("/symbols").json()["symbols"][2]
            unknown = client.post("/ingest/NOPE")
    assert (ibm["bars"], ibm["first"]) == (1007, "2005-03-01T21:00:00Z")
    assert unknown.status_code == 404
    assert "NOPE" in unknown.json()["detail"]

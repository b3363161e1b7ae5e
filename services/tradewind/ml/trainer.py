"""Runs the trainer as a process of its own, so that training takes no time from live signals."""

import json
import select
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

import structlog

log = structlog.get_logger(__name__)
_LOOK_SECONDS = 0.2


class TrainingFailedError(RuntimeError):
    """The trainer ended without a model."""


def run_trainer(through: datetime, stop: threading.Event, on_progress: Callable[[str], None]) -> str | None:
    """Train on the stored bars that close not after `through`; return the model's version, None when stopped.

    The trainer takes its settings from this process's environment. `on_progress` hears of every epoch.

    Raises:
        TrainingFailedError: with the trainer's own words.
    """
    command = [sys.executable, "-m", "tradewind.ml.training", "--through", through.isoformat()]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0) as process:
        try:
            last = _follow(process, stop, on_progress)
        finally:
            if process.poll() is None and stop.is_set():
                process.kill()
    if stop.is_set():
        return None
    if process.returncode != 0 or "model_version" not in last:
        raise TrainingFailedError(last.get("error", f"the trainer ended with status {process.returncode}"))
    return str(last["model_version"])


def _follow(
    process: subprocess.Popen[bytes], stop: threading.Event, on_progress: Callable[[str], None]
) -> dict[str, Any]:
    """Return the last line that the trainer says before it ends, or before `stop` is set."""
    assert process.stdout is not None
    last: dict[str, Any] = {}
    while not stop.is_set():
        if not select.select([process.stdout], [], [], _LOOK_SECONDS)[0]:
            continue
        line = process.stdout.readline()
        if not line:
            break
        if not line.startswith(b"{"):
            continue  # a library's chatter
        last = json.loads(line)
        if "epoch" in last:
            log.info("training", **last)
            on_progress(f"training: epoch {last['epoch']} of at most {last['epochs']}")
    return last

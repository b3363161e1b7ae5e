"""Asks the desk's services whether they do their work."""

from dataclasses import dataclass

import httpx2

from tradewind.desk.ports import HOST


@dataclass(frozen=True)
class Readiness:
    """What a service says of itself: ready, or why not."""

    ready: bool
    reason: str


def ask_ready(port: int, seconds: float = 1.0) -> Readiness:
    """Ask the service on a port; one that doesn't answer in time isn't ready."""
    try:
        # The desk's own services are on this machine: a proxy from the environment has no part in it.
        answer = httpx2.get(f"http://{HOST}:{port}/readyz", timeout=seconds, trust_env=False)
    except httpx2.ConnectError:
        return Readiness(False, "does not listen yet")
    except httpx2.HTTPError as error:
        return Readiness(False, f"does not answer ({type(error).__name__})")
    if answer.status_code == httpx2.codes.OK:
        return Readiness(True, "ready")
    try:
        return Readiness(False, str(answer.json()["detail"]))
    except (ValueError, KeyError, TypeError):
        return Readiness(False, f"answers with {answer.status_code}")

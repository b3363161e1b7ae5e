"""What a backtest's pod says in its termination message: read with care, since a user's code ran beside it."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from tradewind_operator.kinds import Object

LONGEST: Final = 4096
"""Bytes that the kubelet keeps of a termination message."""


class Summary(msgspec.Struct, frozen=True, forbid_unknown_fields=False):
    """A backtest's figures as text, in status' own forms; what is undefined is absent."""

    error: str = ""
    total_return: str | None = msgspec.field(default=None, name="totalReturn")
    sharpe: str | None = None
    max_drawdown: str | None = msgspec.field(default=None, name="maxDrawdown")
    win_rate: str | None = msgspec.field(default=None, name="winRate")
    trades: int | None = None
    trials: int | None = None
    done: int | None = None
    total: int | None = None

    def fields(self) -> dict[str, Any]:
        """Return what status takes of it."""
        figures = {
            "totalReturn": self.total_return,
            "sharpe": self.sharpe,
            "maxDrawdown": self.max_drawdown,
            "winRate": self.win_rate,
            "trades": self.trades,
            "trials": self.trials,
            "progress": None if self.done is None or self.total is None else f"{self.done}/{self.total}",
        }
        return {name: value for name, value in figures.items() if value is not None}


def read_summary(message: str) -> Summary | None:
    """Return the summary of a termination message; None where it holds none."""
    try:
        return msgspec.json.decode(message.encode()[:LONGEST], type=Summary)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def last_message(pods: list[Object]) -> str:
    """Return the termination message of the pod that ended last; empty where none said anything."""
    said: list[tuple[str, str]] = []
    for pod in pods:
        for container in (pod.get("status") or {}).get("containerStatuses", ()):
            ended: Mapping[str, Any] = (container.get("state") or {}).get("terminated") or {}
            if ended.get("message"):
                said.append((ended.get("finishedAt") or "", ended["message"]))
    return max(said, default=("", ""))[1]

"""Progress on standard error: one line that is written anew on a terminal, now and then a line elsewhere."""

import sys
import time
from typing import Final

_LINE_SECONDS: Final = 15.0
_ANEW_SECONDS: Final = 0.5


class Progress:
    """Says what happens, and how far it has come."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._pause = _ANEW_SECONDS if self._terminal else _LINE_SECONDS
        self._next = 0.0
        self._line = ""

    def say(self, text: str) -> None:
        """Write a line."""
        print(f"{text:<{len(self._line)}}", file=sys.stderr, flush=True)
        self._line = ""

    def show(self, done: int, whole: int, seconds: float) -> None:
        """Say how many of all bars are decided after so many seconds, at which rate, and how long is left."""
        now = time.monotonic()
        if now < self._next and done < whole:
            return
        self._next = now + self._pause
        rate = done / seconds if seconds else 0.0
        left = f"{(whole - done) / rate:.0f} s left" if rate else "nothing decided yet"
        line = f"{done:,} of {whole:,} bars ({done / whole:.0%}), {rate:.0f}/s, {seconds:.0f} s, {left}"
        if self._terminal:
            print(f"\r{line:<{len(self._line)}}", end="\r", file=sys.stderr, flush=True)
            self._line = line
        else:
            print(line, file=sys.stderr, flush=True)

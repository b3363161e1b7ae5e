"""Where compiled code is kept between processes.

numba's own cache does not notice an edited module that the compiled function only calls into, and it refuses to work in
a folder that it can't write. So the folder's name hashes every source that is compiled, and where no folder can be
written there is no cache.
"""

import hashlib
import os
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Final

from tradewind.signals.plugins import plugin_sources

VARIABLE: Final = "NUMBA_CACHE_DIR"
_PACKAGE: Final = Path(__file__).resolve().parents[1]
_COMPILED: Final = ("domain", "signals", "backtest")


def fingerprint(package: Path = _PACKAGE) -> str:
    """Return a hash of all that decides what the compiled code is: its sources, those of plug-ins, Python and numba."""
    digest = hashlib.sha256(f"{sys.version} {version('numba')} {version('llvmlite')}".encode())
    for folder in _COMPILED:
        for source in sorted((package / folder).rglob("*.py")):
            _add(digest, source.relative_to(package).as_posix(), source)
    for name, source in plugin_sources():
        _add(digest, name, source)
    return digest.hexdigest()[:16]


def _add(digest: "hashlib._Hash", name: str, source: Path) -> None:
    content = source.read_bytes()
    digest.update(f"\n{name} {len(content)}\n".encode())
    digest.update(content)


def holds_code(folder: Path | None) -> bool:
    """Return whether a cache's folder holds compiled code; no folder holds none."""
    return folder is not None and next(folder.rglob("*.nbc"), None) is not None


def use_cache(base: Path) -> Path | None:
    """Keep compiled code under `base` from now on; return the folder, or None where none can be written.

    Call it before anything imports numba (`tradewind.backtest.compiler` and what builds on it): numba reads the
    variable once.

    Raises:
        RuntimeError: numba is imported already and keeps its cache elsewhere.
    """
    folder = base / f"compiled-{fingerprint()}"
    if "numba" in sys.modules:
        if os.environ.get(VARIABLE) == str(folder):
            return folder
        raise RuntimeError(f"numba is imported already; {VARIABLE} can no longer become {folder}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Asked by writing: root may write where the permissions say no, and a read-only mount says yes to os.access.
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError:
        os.environ.pop(VARIABLE, None)
        return None
    os.environ[VARIABLE] = str(folder)
    return folder

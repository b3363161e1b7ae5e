"""The `tradewind` command."""

import os
import sys
from typing import Final

_OPTION: Final = "--database-url"


def main() -> None:
    """Run the command line."""
    _hide_database_url()
    from tradewind.desk.cli import app

    app()


def _hide_database_url() -> None:
    """Start over with the database's URL in the environment: every user of the machine can read command lines."""
    arguments: list[str] = []
    urls: list[str] = []
    given = iter(sys.orig_argv)
    for argument in given:
        if argument == _OPTION:
            urls += [next(given, "")]
        elif argument.startswith(f"{_OPTION}="):
            urls += [argument.removeprefix(f"{_OPTION}=")]
        else:
            arguments += [argument]
    if any(urls) and sys.argv[1:2] in (["up"], ["demo"]):
        os.execve(sys.executable, arguments, {**os.environ, "TRADEWIND_DATABASE_URL": urls[-1]})  # noqa: S606


if __name__ == "__main__":
    main()

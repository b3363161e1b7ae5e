"""Writes crds/ from the models; with --check, says whether it is what they make."""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from tradewind.manifest.crd.definitions import backtest_definition, strategy_definition
from tradewind.paths import shipped_folder

_HEAD: Final = "# Made from services/tradewind/manifest by `make crds`; edit the models there.\n"


def rendered() -> Mapping[str, str]:
    """Return the files of crds/, by name."""
    made = {"backtests.yaml": backtest_definition(), "tradingstrategies.yaml": strategy_definition()}
    return {name: _HEAD + _yaml(definition) for name, definition in made.items()}


def main() -> int:
    """Write the files, or check them; return the exit status, 1 where they differ from the models."""
    parser = argparse.ArgumentParser(prog="python -m tradewind.manifest.crd", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; end with status 1 where a file differs")
    checked = parser.parse_args().check
    folder = shipped_folder("crds")
    made = rendered()
    stale = sorted(name for name, text in made.items() if _read(folder / name) != text)
    foreign = sorted(path.name for path in folder.glob("*.yaml") if path.name not in made)
    if checked:
        for name in stale + foreign:
            print(f"crds/{name} is not what the models make: run `make crds`", file=sys.stderr)
        return 1 if stale or foreign else 0
    for name in stale:
        (folder / name).write_text(made[name], encoding="utf-8")
        print(f"wrote crds/{name}")
    for name in foreign:
        (folder / name).unlink()
        print(f"removed crds/{name}")
    return 0


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _yaml(definition: Mapping[str, Any]) -> str:
    return yaml.dump(dict(definition), Dumper=_WithoutAliases, sort_keys=False, width=118, allow_unicode=True)


class _WithoutAliases(yaml.SafeDumper):
    """Writes what stands in two places twice, as a reader of either expects."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


if __name__ == "__main__":
    sys.exit(main())

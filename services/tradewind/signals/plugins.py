"""Rules that other distributions bring, by the entry point group `tradewind.strategies`.

An entry point's name is the rule's name, and it gives a RuleStrategy, a CrossRule or a VectorisedRule. Nothing of a
plug-in is imported before someone asks for its rule.
"""

from collections.abc import Iterator, Sequence
from importlib.metadata import Distribution, EntryPoint, distributions
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from tradewind.signals.parameters import SignalError
from tradewind.signals.rule import CrossRule, Rule, RuleStrategy, VectorisedRule

GROUP: Final = "tradewind.strategies"


class PluginError(SignalError):
    """A plug-in that can't be used; where its own code failed, that error is the cause.

    `distributions` are those at fault, each with its version.
    """

    def __init__(self, model: str, brought_by: Sequence[str], reason: str) -> None:
        super().__init__(f"spec.signal.model: the plug-in {model} of {' and '.join(brought_by)} {reason}")
        self.model = model
        self.distributions = tuple(brought_by)


def find_plugins(path: Sequence[str] | None = None) -> tuple[EntryPoint, ...]:
    """Return every entry point of the group, nothing loaded; `path` is searched instead of Python's own."""
    seen: set[str] = set()
    found: list[EntryPoint] = []
    for distribution in distributions() if path is None else distributions(path=list(path)):
        points = distribution.entry_points.select(group=GROUP)
        # A name is asked for only then: that reads the whole of a distribution's metadata. The first of a name is the
        # one that Python imports from.
        if points and distribution.name not in seen:
            seen.add(distribution.name)
            found += points
    return tuple(sorted(found, key=lambda point: (point.name, point.value)))


def brought_by(point: EntryPoint) -> str:
    """Return the distribution that an entry point belongs to, with its version."""
    distribution = point.dist
    return "an unknown distribution" if distribution is None else f"{distribution.name} {distribution.version}"


def load_plugin(point: EntryPoint) -> Rule:
    """Return the rule that an entry point gives.

    Raises:
        PluginError: its module can't be imported, or what it gives is no rule of that name.
    """
    origin = [brought_by(point)]
    try:
        rule = point.load()
    except Exception as error:  # whatever a stranger's module raises
        raise PluginError(point.name, origin, f"can't be loaded: {type(error).__name__}: {error}") from error
    if not isinstance(rule, RuleStrategy | CrossRule | VectorisedRule):
        raise PluginError(point.name, origin, f"is no rule but a {type(rule).__name__}: {point.value}")
    if rule.name != point.name:
        raise PluginError(point.name, origin, f"gives a rule of another name, {rule.name}: {point.value}")
    return rule


def plugin_sources(path: Sequence[str] | None = None) -> Iterator[tuple[str, Path]]:
    """Yield the Python files of all distributions that bring plug-ins, each with a name that tells them apart.

    They are the files that a distribution lists and those of its plug-ins' packages, which an editable installation
    does not list. Nothing is imported.
    """
    for point in find_plugins(path):
        files = {*_listed(point.dist), *_packaged(point.module.partition(".")[0])}
        for file in sorted(files):
            yield f"{brought_by(point)} {point.name} {file.as_posix()}", file


def _listed(distribution: Distribution | None) -> Iterator[Path]:
    for file in (distribution.files or ()) if distribution is not None else ():
        located = Path(str(file.locate()))
        if located.suffix == ".py" and located.is_file():
            yield located.resolve()


def _packaged(package: str) -> Iterator[Path]:
    spec = find_spec(package)
    if spec is None:
        return
    if spec.submodule_search_locations is None:
        if spec.origin is not None and Path(spec.origin).is_file():
            yield Path(spec.origin).resolve()
        return
    for folder in spec.submodule_search_locations:
        for file in Path(folder).rglob("*.py"):
            yield file.resolve()

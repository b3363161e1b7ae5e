"""Compiles the rule book: domain's own functions as they are, run over whole histories.

numba resolves a call inside compiled code by the function called; registering domain's functions makes each of them
compilable where it stands. Only `mul_div` gets an equal of its own, because compiled integers wrap silently. All of it
becomes one function (forceinline): books, instants and rules are many words to hand over.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
from numba import config, njit, types
from numba.extending import intrinsic, overload, register_jitable
from numba.np.arrayobj import make_array, populate_array
from numpy.typing import NDArray

from tradewind.backtest import wide
from tradewind.domain import rules as rule_book
from tradewind.domain.rules.arithmetic import mul_div
from tradewind.domain.rules.book import CASH, EQUITY, EVENT_COLUMNS, EVENTS_PER_SYMBOL, Book, Instant, Rules
from tradewind.domain.rules.instant import run_instant
from tradewind.signals.rule import Batch as RuleBatch
from tradewind.signals.rule import CrossRule, Floats, RuleStrategy

Integers = NDArray[np.int64]
Grid = Sequence[Integers]
Batch = Callable[[Floats, Floats, Integers, Floats], Integers]


def rule_functions() -> tuple[Callable[..., Any], ...]:
    """Return every function of the rule book but `mul_div`, module by module."""
    modules = [
        importlib.import_module(m.name) for m in pkgutil.iter_modules(rule_book.__path__, "tradewind.domain.rules.")
    ]
    return tuple(
        function
        for module in modules
        for _, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and function is not mul_div
    )


def _mul_div_of_types(a: Any, b: Any, d: Any) -> Any:
    if not all(isinstance(kind, types.Integer) for kind in (a, b, d)):
        return None

    # numba wants the implementation's signature to be this function's, annotations included.
    def implementation(a: Any, b: Any, d: Any) -> Any:
        return wide.mul_div_64(np.int64(a), np.int64(b), np.int64(d))

    return implementation


def _register() -> None:
    for _, part in inspect.getmembers(wide, inspect.isfunction):
        register_jitable(forceinline=part in (wide.mul_div_64, wide.fits))(part)
    overload(mul_div, jit_options={"forceinline": True})(_mul_div_of_types)
    for function in rule_functions():
        register_jitable(forceinline=True)(function)


_register()
CACHED = bool(getattr(config, "CACHE_DIR", ""))
"""Whether compiled code outlives this process; `compile_cache.use_cache` decides it before numba is imported."""


def _unowned(context: Any, builder: Any, kind: Any, array: Any) -> Any:
    owned = make_array(kind)(context, builder, array)
    unowned = make_array(kind)(context, builder)
    populate_array(
        unowned,
        data=owned.data,
        shape=owned.shape,
        strides=owned.strides,
        itemsize=owned.itemsize,
        meminfo=None,
    )
    return unowned._getvalue()


def _view(typing_context: Any, arrays: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        (kind,) = signature.args
        if not isinstance(kind, types.BaseTuple):
            return _unowned(context, builder, kind, arguments[0])
        members = [
            _unowned(context, builder, member, builder.extract_value(arguments[0], place))
            for place, member in enumerate(signature.args[0].types)
        ]
        return context.make_tuple(builder, kind, members)

    return arrays(arrays), generate


view: Any = intrinsic(_view)
"""For compiled code: an array, or a tuple of arrays, without reference counts. Its slices cost next to nothing, where
each reference that is counted costs two atomic instructions; somebody else must keep the arrays alive."""


@register_jitable(forceinline=True)  # type: ignore[untyped-decorator, unused-ignore]  # numba has no types
def instant_at(t: int, time: Integers, session: Integers, trading_state: Integers, grid: Grid) -> Instant:
    """Return one instant of a history; grid holds the [T, S] arrays of `Instant` in its order."""
    return Instant(
        time[t],
        session[t],
        trading_state[t],
        grid[0][t],
        grid[1][t],
        grid[2][t],
        grid[3][t],
        grid[4][t],
        grid[5][t],
        grid[6][t],
        grid[7][t],
        grid[8][t],
        grid[9][t],
        grid[10][t],
        grid[11][t],
        grid[12][t],
        grid[13][t],
        grid[14][t],
    )


def _run_instants(
    rules: Rules,
    book: Book,
    time: Integers,
    session: Integers,
    trading_state: Integers,
    grid: Grid,
    equity: Integers,
    cash: Integers,
    progress: Integers,
    events: Integers,
) -> Integers:
    grid = view(grid)
    book = view(book)
    room = EVENTS_PER_SYMBOL * len(book.quantity)
    count = 0
    for t in range(len(time)):
        progress[0] = t
        if count + room > events.shape[0]:
            grown = np.empty((2 * events.shape[0] + room, EVENT_COLUMNS), np.int64)
            grown[:count] = events[:count]
            events = grown
        instant = instant_at(t, time, session, trading_state, grid)
        count = run_instant(rules, book, instant, view(events), count)
        equity[t] = book.account[EQUITY]
        cash[t] = book.account[CASH]
    return events[:count]


run_instants: Callable[..., Integers] = njit(cache=CACHED, nogil=True)(_run_instants)
"""Run every instant of a history on the books, in place; return the event rows, int64[events, EVENT_COLUMNS].

run_instants(rules, book, time, session, trading_state, grid, equity, cash, progress, events): the book's entries and
time, session, trading_state: int64 arrays; grid: the int64[T, S] arrays of `Instant` in its order; equity and cash
int64[T] are written; progress[0] is the instant at work, for the error that names it; the rows are written to events,
int64[any, EVENT_COLUMNS], while there is room in it. Raises what `run_instant` raises.
"""

mul_div_compiled: Callable[[int, int, int], int] = njit(cache=CACHED, nogil=True)(lambda a, b, d: mul_div(a, b, d))
"""The compiled `mul_div` on its own, to be held against the interpreted one."""


def _named_after(step: Callable[..., int]) -> Callable[[Batch], Batch]:
    """Give what is compiled around a rule's step a name of its own.

    Compiled code is linked by its function's name. What different processes have kept under one name can't be loaded
    together.
    """

    def rename(batch: Batch) -> Batch:
        batch.__qualname__ = f"{batch.__name__}.{step.__module__}.{step.__qualname__}"
        return batch

    return rename


@cache
def compile_rule(rule: RuleStrategy) -> Batch:
    """Return the rule's step compiled over a symbol's bars.

    batch(state, parameters, present, bars) -> sides: state float64[state_size] is changed, present int64[T] says which
    bars there are, bars float64[T, 5] holds open, high, low, close, volume; sides int64[T], HOLD where there is no bar.
    """
    step = register_jitable(rule.step)

    @_named_after(rule.step)
    def batch(state: Floats, parameters: Floats, present: Integers, bars: Floats) -> Integers:
        sides = np.zeros(len(bars), np.int64)
        for t in range(len(bars)):
            if present[t] != 0:
                sides[t] = step(state, parameters, bars[t, 0], bars[t, 1], bars[t, 2], bars[t, 3], bars[t, 4])
        return sides

    compiled: Batch = njit(cache=CACHED, nogil=True)(batch)
    return compiled


@cache
def compile_batch(batch: RuleBatch) -> RuleBatch:
    """Return a rule's batch compiled."""
    compiled = njit(cache=CACHED, nogil=True)
    return RuleBatch(compiled(batch.prepare), compiled(batch.signals), batch.columns)


@cache
def compile_cross_rule(rule: CrossRule) -> Batch:
    """Return the step of a rule across symbols compiled over a history.

    batch(state, parameters, present, bars) -> sides: state float64[state_size] is changed, present int64[T, S] says
    which bars there are, bars float64[T, S, 5] holds them, zeros where there are none; sides int64[T, S]. An instant
    at which no symbol has a bar is not stepped.
    """
    step = register_jitable(rule.step)

    @_named_after(rule.step)
    def batch(state: Floats, parameters: Floats, present: Integers, bars: Floats) -> Integers:
        sides = np.zeros(present.shape, np.int64)
        for t in range(len(present)):
            here = 0
            for i in range(present.shape[1]):
                here += present[t, i]
            if here != 0:
                step(state, parameters, present[t], bars[t], sides[t])
        return sides

    compiled: Batch = njit(cache=CACHED, nogil=True)(batch)
    return compiled

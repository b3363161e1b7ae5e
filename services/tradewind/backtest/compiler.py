"""Compiles the rule book: domain's own functions as they are, run over whole histories.

numba resolves a call inside compiled code by the function called; registering domain's functions makes each of them
compilable where it stands. Only `mul_div` gets an equal of its own, because compiled integers wrap silently.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from functools import cache
from typing import Any, Final, NamedTuple, TypeVar

import numpy as np
from numba import config, njit, types
from numba.extending import intrinsic, overload, register_jitable
from numba.np.arrayobj import make_array, populate_array
from numpy.typing import NDArray

from tradewind.backtest import wide
from tradewind.backtest.blocks import Integers, as_bars
from tradewind.domain import rules as rule_book
from tradewind.domain.rules.arithmetic import mul_div
from tradewind.signals.rule import Batch as RuleBatch
from tradewind.signals.rule import CrossRule, Floats, RuleStrategy
from tradewind.signals.series import SCALES

Bytes = NDArray[np.int8]
_Compiled = TypeVar("_Compiled", bound=Callable[..., Any])
_PART: Final = 4096
"""How many bars of a history a batch is given at a time: what it makes of them stays in the processor's cache."""
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


def inner(function: _Compiled, inline: bool = False) -> _Compiled:
    """Make a function compilable where compiled code calls it; nobody else may call what is compiled of it."""
    return register_jitable(forceinline=inline, no_cfunc_wrapper=True, no_cpython_wrapper=True)(function)


def _register() -> None:
    for _, part in inspect.getmembers(wide, inspect.isfunction):
        inner(part, part in (wide.mul_div_64, wide.fits))
    options: Any = {"forceinline": True, "no_cfunc_wrapper": True, "no_cpython_wrapper": True}
    overload(mul_div, jit_options=options)(_mul_div_of_types)
    for function in rule_functions():
        inner(function)


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


mul_div_compiled: Callable[[int, int, int], int] = njit(cache=CACHED, nogil=True)(lambda a, b, d: mul_div(a, b, d))
"""The compiled `mul_div` on its own, to be held against the interpreted one."""


def _named_after(step: Callable[..., int]) -> Callable[[_Compiled], _Compiled]:
    """Give what is compiled around a rule's step a name of its own.

    Compiled code is linked by its function's name. What different processes have kept under one name can't be loaded
    together.
    """

    def rename(batch: _Compiled) -> _Compiled:
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


class CompiledBatch(NamedTuple):
    """A rule's batch, compiled.

    Args:
        prepare, signals: the batch's own.
        whole: whole(parameters, bars, first, last, look_back, sides) -> whether it could tell all. It writes what the
            bars from first to last, without it, say into sides, int8[T, S] of zeros; bars are the words of a history's
            (`blocks.grid_words`), of which every symbol has every bar.
    """

    prepare: Callable[[Floats], Integers]
    signals: Callable[[Floats, Integers, Integers, Integers], int]
    whole: Callable[[Floats, Integers, int, int, int, Bytes], bool]


@cache
def compile_batch(batch: RuleBatch) -> CompiledBatch:
    """Return a rule's batch compiled."""
    compiled = njit(cache=CACHED, nogil=True)
    prepare, signals = compiled(batch.prepare), compiled(batch.signals)
    which, scales = np.array(batch.columns), SCALES[list(batch.columns)]

    @_named_after(batch.signals)
    def whole(parameters: Floats, words: Integers, first: int, last: int, look_back: int, sides: Bytes) -> bool:
        bars = as_bars(words)
        places, said = np.empty(_PART + look_back, np.int64), np.empty(_PART + look_back, np.int64)
        for start in range(first, last, _PART):
            begin, end = max(0, start - look_back), min(start + _PART, last)
            for i in range(bars.symbols):
                series = np.empty((end - begin, len(which)))
                for column in range(len(which)):
                    grid, scale = bars.prices[which[column]], scales[column]
                    for t in range(begin, end):
                        series[t - begin, column] = grid[t][i] / scale
                changes = signals(parameters, prepare(series), places, said)
                if changes < 0:
                    return False
                for change in range(changes):
                    if begin + places[change] >= start:
                        sides[begin + places[change], i] = said[change]
        return True

    return CompiledBatch(prepare, signals, compiled(whole))


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

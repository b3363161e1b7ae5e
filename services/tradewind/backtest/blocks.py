"""The rule book's arguments as compiled code sees them: blocks of 64-bit words, read and written by names of fields.

A namedtuple of arrays is hundreds of machine words, which each call would hand over and each index would check. A block
is one pointer. What belongs to a symbol lies side by side, so that a symbol's books are three lines of the cache.
"""

import operator
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.typing.templates import AbstractTemplate, AttributeTemplate, infer_getattr, infer_global, signature
from numba.extending import intrinsic, lower_builtin, lower_getattr_generic, models, register_model
from numba.np.arrayobj import make_array, populate_array
from numpy.typing import NDArray

from tradewind.domain.rules.book import ACCOUNT_COLUMNS, EVENT_COLUMNS, INSTANT_COLUMNS, Book, Rules

Integers = NDArray[np.int64]

BARS: Final = INSTANT_COLUMNS[:7]
"""The columns of an instant that each bar has: present, open, high, low, close, volume, side."""
ACTS: Final = INSTANT_COLUMNS[7:]
"""Those of what persons and companies do, which few instants have."""
_SIDE: Final = "side"
"""The column of a history that is bytes."""
_WORD: Final = 8
_OF_SYMBOL: Final = Book._fields[1:]
"""The columns of a book that have one entry a symbol."""
_HEADER: Final = 4
_ROW: Final = len(INSTANT_COLUMNS) + 1
"""The words of one symbol in an instant's block; the last is its place in the list of symbols."""


class _Words(types.Type):  # type: ignore[misc, unused-ignore]  # numba has no types
    """Integers at a fixed distance of each other, in words; of rows, each element is words itself."""

    def __init__(self, stride: int, element: Any = types.int64) -> None:
        super().__init__(f"Words({stride}, {element})")
        self.stride = stride
        self.element = element


class _Grid(types.Type):  # type: ignore[misc, unused-ignore]
    """One array of [T, S]: two words say its address and how many elements its rows are apart."""

    def __init__(self, element: Any) -> None:
        super().__init__(f"Grid({element})")
        self.row = _Words(1, element)


class _Block(types.Type):  # type: ignore[misc, unused-ignore]
    """Named words: offsets of single ones; offset and stride of those with an entry a symbol; places of grids."""

    def __init__(
        self,
        name: str,
        words: dict[str, int],
        columns: dict[str, tuple[int, int]] | None = None,
        grids: Sequence[str] = (),
    ) -> None:
        super().__init__(name)
        self.words = words
        self.columns = columns or {}
        self.grids = {grid: place for place, grid in enumerate(grids)}


_WORDS: Final = _Words(1)
_ROWS: Final = _Words(EVENT_COLUMNS, _WORDS)
_RULES: Final = _Block("RulesBlock", {name: place for place, name in enumerate(Rules._fields)})
_BOOK: Final = _Block(
    "BookBlock",
    {},
    {
        "account": (0, 1),
        **{name: (ACCOUNT_COLUMNS + place, len(_OF_SYMBOL)) for place, name in enumerate(_OF_SYMBOL)},
    },
)
_INSTANT: Final = _Block(
    "InstantBlock",
    {"time": 0, "session": 1, "trading_state": 2, "count": 3},
    {
        "header": (0, 1),
        **{name: (_HEADER + place, _ROW) for place, name in enumerate(INSTANT_COLUMNS)},
        "entry": (_HEADER + _ROW - 1, _ROW),
    },
)
_GRIDS: Final = {np.dtype(np.int64): _Grid(types.int64), np.dtype(np.int8): _Grid(types.int8)}
_PRICES: Final = _Words(2, _GRIDS[np.dtype(np.int64)])
"""The grids of a history's prices and volumes, in the order of a rule's series."""
_BARS: Final = _Block("BarsBlock", {"symbols": 2 * len(BARS)}, grids=BARS)
_ACTS: Final = _Block("ActsBlock", {"symbols": 2 * len(ACTS)}, grids=ACTS)
_LIST: Final = types.Array(types.int64, 1, "A")


@register_model(_Words)
@register_model(_Grid)
@register_model(_Block)
class _Pointer(models.PrimitiveModel):  # type: ignore[misc, unused-ignore]
    def __init__(self, manager: Any, kind: Any) -> None:
        width = 8 if getattr(kind, "element", None) is types.int8 else 64
        super().__init__(manager, kind, ir.IntType(width).as_pointer())  # type: ignore[no-untyped-call]


@infer_getattr
class _Attributes(AttributeTemplate):  # type: ignore[misc, unused-ignore]
    key = _Block

    def generic_resolve(self, block: _Block, name: str) -> Any:  # type: ignore[override]
        if name in block.words:
            return types.int64
        if name in block.columns:
            return _Words(block.columns[name][1])
        if block is _BARS and name == "prices":
            return _PRICES
        if name in block.grids:
            return _GRIDS[np.dtype(np.int8 if name == _SIDE else np.int64)]
        return _LIST if name == "symbols" and "entry" in block.columns else None


@lower_getattr_generic(_Block)  # type: ignore[untyped-decorator, unused-ignore]
def _get_attribute(context: Any, builder: Any, block: _Block, pointer: Any, name: str) -> Any:
    if name in block.words:
        return builder.load(cgutils.gep(builder, pointer, block.words[name]))
    if name in block.columns:
        return cgutils.gep(builder, pointer, block.columns[name][0])
    if name == "prices":
        return cgutils.gep(builder, pointer, 2 * block.grids["open"])
    if name in block.grids:
        return cgutils.gep(builder, pointer, 2 * block.grids[name])
    offset, stride = block.columns["entry"]
    count = builder.load(cgutils.gep(builder, pointer, block.words["count"]))
    entries = make_array(_LIST)(context, builder)
    width = context.get_constant(types.intp, _WORD)
    steps = context.get_constant(types.intp, stride * _WORD)
    data = cgutils.gep(builder, pointer, offset)
    populate_array(entries, data=data, shape=[count], strides=[steps], itemsize=width, meminfo=None)
    return entries._getvalue()


@infer_global(operator.getitem)
class _GetWord(AbstractTemplate):  # type: ignore[misc, unused-ignore]
    def generic(self, given: Any, named: Any) -> Any:
        words, place = given
        if isinstance(words, _Words) and isinstance(place, types.Integer):
            element = types.int64 if words.element is types.int8 else words.element
            return signature(element, words, types.int64)
        if isinstance(words, _Grid) and isinstance(place, types.Integer):
            return signature(words.row, words, types.int64)
        return None


@infer_global(operator.setitem)
class _SetWord(AbstractTemplate):  # type: ignore[misc, unused-ignore]
    def generic(self, given: Any, named: Any) -> Any:
        words, place, value = given
        if isinstance(words, _Words) and isinstance(place, types.Integer) and isinstance(value, types.Integer):
            return signature(types.none, words, types.int64, types.int64)
        return None


def _at(builder: Any, words: _Words, pointer: Any, place: Any) -> Any:
    distance = builder.mul(place, ir.Constant(ir.IntType(64), words.stride), flags=["nsw"])
    return builder.gep(pointer, [distance], inbounds=True)


@lower_builtin(operator.getitem, _Words, types.Integer)  # type: ignore[untyped-decorator, unused-ignore]
def _get_item(context: Any, builder: Any, typed: Any, given: Any) -> Any:
    words = typed.args[0]
    found = _at(builder, words, *given)
    if words.element is types.int8:
        return builder.sext(builder.load(found), ir.IntType(64))
    return builder.load(found) if words.element is types.int64 else found


@lower_builtin(operator.getitem, _Grid, types.Integer)  # type: ignore[untyped-decorator, unused-ignore]
def _get_row(context: Any, builder: Any, typed: Any, given: Any) -> Any:
    pointer, row = given
    address = builder.inttoptr(builder.load(pointer), context.get_value_type(typed.return_type))
    distance = builder.mul(row, builder.load(cgutils.gep(builder, pointer, 1)))
    return builder.gep(address, [distance], inbounds=True)


@lower_builtin(operator.setitem, _Words, types.Integer, types.Integer)  # type: ignore[untyped-decorator, unused-ignore]
def _set_item(context: Any, builder: Any, typed: Any, given: Any) -> Any:
    pointer, place, value = given
    builder.store(value, _at(builder, typed.args[0], pointer, place))


def _block_of(kind: Any) -> Any:
    def cast(typing_context: Any, array: Any) -> Any:
        def generate(context: Any, builder: Any, typed: Any, given: Any) -> Any:
            return make_array(typed.args[0])(context, builder, given[0]).data

        return kind(array), generate

    return intrinsic(cast)


as_rules: Any = _block_of(_RULES)
as_book: Any = _block_of(_BOOK)
as_instant: Any = _block_of(_INSTANT)
as_bars: Any = _block_of(_BARS)
as_acts: Any = _block_of(_ACTS)
as_events: Any = _block_of(_ROWS)
"""For compiled code: a C-contiguous int64 array as what the rule book takes. Somebody else must keep the array alive,
and it must be large enough: nothing is checked any more."""


def rules_words(rules: Rules) -> Integers:
    """Return rules for `as_rules`."""
    return np.array(rules, np.int64)


def book_words(symbols: int) -> tuple[Integers, Book]:
    """Return the words of empty books for `as_book`, and the books as views of them."""
    words = np.zeros(ACCOUNT_COLUMNS + symbols * len(_OF_SYMBOL), np.int64)
    of_symbols = words[ACCOUNT_COLUMNS:].reshape(symbols, len(_OF_SYMBOL))
    columns: list[Any] = [words[:ACCOUNT_COLUMNS], *of_symbols.T]
    return words, Book(*columns)


def instant_words(symbols: int) -> Integers:
    """Return the words of an instant for `as_instant`, all zero.

    Compiled code sees the fields of `Instant`; it sets time, session, trading state and the number of symbols as
    `header`, and the symbols themselves as `entry[place]`.
    """
    return np.zeros(_HEADER + symbols * _ROW, np.int64)


def grid_words(columns: Sequence[NDArray[Any]]) -> Integers:
    """Return the words of the arrays of BARS or ACTS, [T, S], for `as_bars` or `as_acts`; they must be kept alive.

    `side` is int8, the others int64. A row must be contiguous; rows may be one row for all instants. Compiled code
    reads `bars.close[t][i]`, and S as `bars.symbols`.
    """
    words = [word for array in columns for word in (array.ctypes.data, array.strides[0] // array.itemsize)]
    return np.array([*words, columns[0].shape[1]], np.int64)

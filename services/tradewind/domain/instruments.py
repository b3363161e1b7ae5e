"""What is traded: how it is counted and when."""

from dataclasses import dataclass

from tradewind.domain.money import PRICE_SCALE, QUANTITY_SCALE


@dataclass(frozen=True, slots=True)
class Instrument:
    """A tradable symbol. The lot is in 10^-8 units, the tick in price units; the calendar is its market code."""

    symbol: str
    lot: int = QUANTITY_SCALE
    tick: int = PRICE_SCALE // 100
    calendar: str = "XNYS"
    sessions_per_year: int = 252

"""What is traded: how it is counted and when."""

from dataclasses import dataclass

from tradewind.domain.money import QUANTITY_SCALE


@dataclass(frozen=True, slots=True)
class Instrument:
    """A tradable symbol. The lot is in 10^-8 units; the calendar is named as its market identifier code."""

    symbol: str
    lot: int = QUANTITY_SCALE
    calendar: str = "XNYS"
    sessions_per_year: int = 252

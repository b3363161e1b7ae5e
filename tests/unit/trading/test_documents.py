"""What the routes may answer is what an order can be."""

from typing import get_args

from tradewind.domain.orders import OrderStatus, Origin, Reason
from tradewind.trading.documents import OrderOrigin, OrderReason, Status


def test_documents_know_every_status_origin_and_reason() -> None:
    for said, known in ((Status, OrderStatus), (OrderOrigin, Origin), (OrderReason, Reason)):
        assert set(get_args(said)) == {each.value for each in known}

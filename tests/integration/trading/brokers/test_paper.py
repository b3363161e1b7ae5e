"""The paper broker passes what every broker has to."""

from collections.abc import Iterator

import pytest
from tests.integration.trading.brokers.conformance import BrokerConformance, OpenMarket
from tests.integration.trading.brokers.market import PaperMarket

from tradewind.store.database import connect


class TestPaperBroker(BrokerConformance):
    @pytest.fixture
    def open_market(self, database_url: str) -> Iterator[OpenMarket]:
        with connect(database_url) as connection:
            yield lambda max_participation=None: PaperMarket(connection, max_participation)

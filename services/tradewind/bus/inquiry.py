"""Questions to a broker that are no messages."""

import logging
import time
from typing import Final

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient, ClusterMetadata  # type: ignore[attr-defined]  # it does not say so

from tradewind.bus.access import KafkaAccess
from tradewind.bus.outage import Outage

_SLICE_SECONDS: Final = 0.5


class Inquiry:
    """Asks a broker questions that are no messages."""

    def __init__(self, access: KafkaAccess) -> None:
        self.outage = Outage(access)
        config = {**access.client_config(), "error_cb": self.outage.hear}
        self.admin = AdminClient(config, logger=logging.getLogger("librdkafka"))

    def metadata(self, seconds: float) -> ClusterMetadata:
        """Return what brokers and topics there are.

        Raises:
            BusError: no broker answers within these seconds, or sooner where one refuses this client.
        """
        deadline = time.monotonic() + seconds
        while True:
            try:
                metadata = self.admin.list_topics(timeout=min(seconds, _SLICE_SECONDS))
            except KafkaException as error:
                self.admin.poll(0)  # lets the callbacks speak
                if self.outage.lasting or time.monotonic() >= deadline:
                    raise self.outage.explain(error, "Describe") from None
            else:
                self.outage.over()
                return metadata

"""Settings of the ml service and its trainer."""

from tradewind.runtime.settings import ServiceSettings


class MlSettings(ServiceSettings):
    """What every service has; models and their parameters come from the manifest."""

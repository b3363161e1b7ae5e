"""How the operator gets at the API server: by its service account in a cluster, by a kubeconfig elsewhere."""

import time
from typing import Final

import kopf

from tradewind_operator.errors import ApiAwayError

_FRESH_SECONDS: Final = 60.0
"""How long a token is used before its file is read again: the kubelet renews it long before it ends."""


def read_access(settings: kopf.OperatorSettings) -> kopf.ConnectionInfo:
    """Return where the API server is and how to prove who one is, read afresh.

    Raises:
        ApiAwayError: neither a service account nor a kubeconfig is there.
    """
    info = kopf.login_with_service_account(settings=settings) or kopf.login_with_kubeconfig(settings=settings)
    if not isinstance(info, kopf.ConnectionInfo) or not info.server:
        raise ApiAwayError("neither a service account's token nor a kubeconfig is there: set KUBECONFIG")
    return info


class Access:
    """Reads access once, and its token again every minute."""

    def __init__(self, settings: kopf.OperatorSettings) -> None:
        self._settings = settings
        self.info = read_access(settings)
        self._read_at = time.monotonic()

    def headers(self) -> dict[str, str]:
        """Return the headers that prove who one is."""
        if time.monotonic() - self._read_at > _FRESH_SECONDS:
            self.refresh()
        return self.info.as_http_headers()

    def refresh(self) -> None:
        """Read the token again now."""
        self.info = read_access(self._settings)
        self._read_at = time.monotonic()

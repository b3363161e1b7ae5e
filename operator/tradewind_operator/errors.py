"""What can go wrong, typed: refusals of the API server, and what only a person can mend."""


class OperatorError(Exception):
    """Any error of the operator's own."""


class ApiError(OperatorError):
    """The API server refused a request: HTTP status, Kubernetes' reason, and what it said."""

    def __init__(self, status: int, reason: str, message: str, what: str, retry_after: float | None = None) -> None:
        super().__init__(f"{what}: {status} {reason}: {message}")
        self.status = status
        self.reason = reason
        self.message = message
        self.retry_after = retry_after


class ApiAwayError(OperatorError):
    """The API server could not be reached, or did not answer in time."""


class StalledError(OperatorError):
    """What only a person can mend. `reason` is one of those that docs/operator.md lists."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message


class WaitError(OperatorError):
    """What mends itself by waiting, such as a former object of the same name that is still going."""

    def __init__(self, reason: str, message: str, seconds: float) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.seconds = seconds


class NotLeadingError(OperatorError):
    """This operator does not hold the Lease, so it may change nothing."""

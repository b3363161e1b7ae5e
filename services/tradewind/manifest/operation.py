"""How a strategy's services run in a cluster: what each is given, and from which image."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Final, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from tradewind.manifest.cel import Rule, held, holds
from tradewind.manifest.values import Model, text_of_number

_CPU: Final = re.compile(r"([0-9]{1,9}m|[0-9]{1,6}(\.[0-9]{1,3})?)")
_MEMORY: Final = re.compile(r"([0-9]{1,15})(Ki|Mi|Gi|Ti|k|M|G|T)?")
_UNITS: Final = {
    None: 1,
    "k": 10**3,
    "M": 10**6,
    "G": 10**9,
    "T": 10**12,
    "Ki": 2**10,
    "Mi": 2**20,
    "Gi": 2**30,
    "Ti": 2**40,
}


def parse_cpu(text: str) -> Decimal:
    """Read a quantity of CPU such as "250m", "1.5" or "2" into cores.

    Raises:
        ValueError: it is not one, or 0.
    """
    if _CPU.fullmatch(text) is None:
        raise ValueError(f"{text!r} is not a quantity of CPU such as '250m', '1.5' or '2'")
    cores = Decimal(text[:-1]) / 1000 if text.endswith("m") else Decimal(text)
    if cores == 0:
        raise ValueError(f"{text!r} is no CPU at all; leave it out for no bound")
    return cores


def parse_memory(text: str) -> int:
    """Read a quantity of memory such as "512Mi" or "2Gi" into bytes.

    Raises:
        ValueError: it is not one, or 0.
    """
    match = _MEMORY.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a quantity of memory such as '512Mi' or '2Gi'")
    size = int(match[1]) * _UNITS[match[2]]
    if size == 0:
        raise ValueError(f"{text!r} is no memory at all; leave it out for no bound")
    return size


def _check_cpu(text: str) -> str:
    parse_cpu(text)
    return text


def _check_memory(text: str) -> str:
    parse_memory(text)
    return text


Cpu = Annotated[
    str,
    BeforeValidator(text_of_number),
    Field(
        max_length=10,
        json_schema_extra=holds(
            Rule(
                "type(self) == int ? self > 0 && self < 1000000 : "
                "self.matches('^([0-9]{1,9}m|[0-9]{1,6}([.][0-9]{1,3})?)$') && self.matches('[1-9]')",
                "must be a quantity of CPU above 0: write it as 250m, '1.5' or 2",
            ),
            number_or_text=True,
        ),
    ),
    AfterValidator(_check_cpu),
]
"""A Kubernetes quantity of CPU, such as "250m", or an integer."""
Memory = Annotated[
    str,
    BeforeValidator(text_of_number),
    Field(
        max_length=17,
        json_schema_extra=holds(
            Rule(
                "type(self) == int ? self > 0 && self < 1000000000000000 : "
                "self.matches('^[0-9]{1,15}([KMGT]i|[kMGT])?$') && self.matches('[1-9]')",
                "must be a quantity of memory above 0: write it as 512Mi or 2Gi",
            ),
            number_or_text=True,
        ),
    ),
    AfterValidator(_check_memory),
]
"""A Kubernetes quantity of memory, such as "512Mi", or an integer of bytes."""


def _within(what: str) -> Rule:
    asked, most = f"self.requests.{what}", f"self.limits.{what}"
    return Rule(
        f"!(has(self.requests) && has({asked}) && has(self.limits) && has({most})) || "
        f"!(isQuantity(string({asked})) && isQuantity(string({most}))) || "
        f"quantity(string({asked})).compareTo(quantity(string({most}))) <= 0",
        f"requests.{what} must be at most limits.{what}: lower the one or raise the other",
    )


class Amounts(Model):
    """An amount of CPU and of memory."""

    cpu: Cpu | None = None
    """CPU as a Kubernetes quantity, such as 250m."""
    memory: Memory | None = None
    """Memory as a Kubernetes quantity, such as 512Mi."""


class ServiceResources(Model):
    """What one service is given: requests are what it is promised, limits what it may not pass."""

    model_config = held(_within("cpu"), _within("memory"))

    requests: Amounts | None = None
    """What is reserved for it."""
    limits: Amounts | None = None
    """What it may not pass."""

    @model_validator(mode="after")
    def _requests_within_limits(self) -> Self:
        asked, most = self.requests or Amounts(), self.limits or Amounts()
        if asked.cpu is not None and most.cpu is not None and parse_cpu(asked.cpu) > parse_cpu(most.cpu):
            raise ValueError(f"requests.cpu {asked.cpu} is above limits.cpu {most.cpu}")
        if (
            asked.memory is not None
            and most.memory is not None
            and parse_memory(asked.memory) > parse_memory(most.memory)
        ):
            raise ValueError(f"requests.memory {asked.memory} is above limits.memory {most.memory}")
        return self


class Resources(Model):
    """Requests and limits by service; what is left out is the platform's default."""

    ingestion: ServiceResources | None = None
    """Of the ingestion service."""
    ml: ServiceResources | None = None
    """Of the signal service."""
    trading: ServiceResources | None = None
    """Of the trading service."""
    backtest: ServiceResources | None = None
    """Of the backtest service, and of each pod of a Backtest."""

    def given(self) -> Iterator[tuple[str, ServiceResources]]:
        """Yield (service, what it is given) of every service that is named."""
        for service in type(self).model_fields:
            asked = getattr(self, service)
            if asked is not None:
                yield service, asked


_IMAGE: Final = (
    "^[a-z0-9]([a-zA-Z0-9._-]*[a-zA-Z0-9])?(:[0-9]{1,5})?(/[a-z0-9]([a-z0-9._-]*[a-z0-9])?)*"
    "(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(@sha256:[0-9a-f]{64})?$"
)
Image = Annotated[
    str,
    Field(
        max_length=255,
        pattern=_IMAGE,
        json_schema_extra=holds(
            Rule(
                f"self.matches('{_IMAGE}')",
                "must be a container image: write it as registry.example.com/team/plug-in:1.2",
            )
        ),
    ),
]
"""A container image: registry/repository:tag, or with a digest."""

"""The operator's process: registers and wires, and nothing else."""

import asyncio
import logging
import os
import socket
import sys

import kopf
import structlog

from tradewind.runtime.logs import configure_logs
from tradewind_operator.access import Access
from tradewind_operator.api import Api
from tradewind_operator.handlers import configure_kopf, register_handlers, run_beside
from tradewind_operator.lease import Lease
from tradewind_operator.operation import Operation
from tradewind_operator.settings import OperatorSettings

log = structlog.get_logger(__name__)


async def operate(settings: OperatorSettings) -> int:
    """Run the operator until it is told to end; return the exit status."""
    kopf_settings = kopf.OperatorSettings()
    configure_kopf(kopf_settings)
    access = Access(kopf_settings)
    identity = settings.identity or f"{socket.gethostname()}-{os.getpid()}"
    # Reading needs no Lease, and the Lease is taken by a client of its own that is never refused.
    lease_api = Api(access, settings.namespace)
    lease = Lease(lease_api, settings.lease, identity)
    token = settings.desk_token_file.read_text().strip() if settings.desk_token_file else ""
    operation = Operation(settings, Api(access, settings.namespace, lease.held), lease, token)
    registry = kopf.OperatorRegistry()
    register_handlers(registry, operation)
    stop = asyncio.Event()
    beside = asyncio.create_task(run_beside(operation, stop))
    await kopf.operator(
        registry=registry,
        settings=kopf_settings,
        standalone=True,
        namespaces=[settings.namespace],
        stop_flag=stop,
    )
    beside.cancel()
    status = 0
    try:
        await beside
    except asyncio.CancelledError:
        log.info("ends")
    except Exception:
        log.exception("ends because of an error")
        status = 1
    await operation.stop()
    await lease_api.close()
    return status


def main() -> int:
    """Run the operator; return the exit status."""
    settings = OperatorSettings()
    configure_logs("operator", settings.log_format, settings.log_level)
    # Kopf tells of every event that it hands over.
    logging.getLogger("kopf.objects").setLevel(logging.WARNING)
    return asyncio.run(operate(settings))


if __name__ == "__main__":
    sys.exit(main())

"""Composition root of the backtest service."""

import sys
from functools import partial

from tradewind.backtest.compile_cache import use_cache
from tradewind.backtest.maintenance import keep_backtests
from tradewind.backtest.settings import BacktestSettings
from tradewind.manifest.load import load_strategy
from tradewind.runtime.app import create_app
from tradewind.runtime.health import Health
from tradewind.runtime.logs import configure_logs
from tradewind.runtime.maintenance import Maintenance
from tradewind.runtime.process import serve
from tradewind.store.database import database_problem, open_pool
from tradewind.store.queue import QueueWorker


def main() -> int:
    """Run the backtest service; return the exit status."""
    settings = BacktestSettings()
    configure_logs("backtest", settings.log_format, settings.log_level)
    use_cache(settings.compile_cache_base)
    # After use_cache: these import numba, which reads where its cache lies only once.
    from tradewind.backtest.api import Limits, add_routes
    from tradewind.backtest.supervisor import Supervisor
    from tradewind.backtest.warm_up import CONDITION, WarmUp

    strategy = load_strategy(settings.manifest)
    # Each queued backtest that runs is looked after by a thread of its own.
    with open_pool(settings.database_url, 4 + settings.backtest_processes) as pool:
        health = Health(CONDITION, probes={"database": partial(database_problem, pool)})
        app = create_app("backtest", health)
        add_routes(app, pool, strategy, Limits(settings.small_backtest, settings.max_queued))
        supervisor = Supervisor(pool)
        queue = QueueWorker(
            settings.database_url,
            supervisor.run,
            supervisor.recover,
            settings.backtest_processes,
            settings.lost_seconds,
        )
        maintenance = Maintenance(partial(keep_backtests, settings.database_url, settings.keep_backtests))
        return serve(app, settings, [WarmUp(health, strategy), queue, maintenance])


if __name__ == "__main__":
    sys.exit(main())

"""The command line: reads options, calls what does the work, and turns errors into messages and exit statuses."""

import json
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from tradewind import __version__
from tradewind.bus.access import EMBEDDED
from tradewind.desk.errors import BrokerUnusableError, DeskError, KafkaOptionError
from tradewind.desk.folder import DataFolder, DataFolderBusyError, DataFolderUnusableError, default_folder
from tradewind.desk.interruption import InterruptedByUserError, Interruption
from tradewind.desk.page import PageError
from tradewind.desk.ports import PortOfSeveralError, Ports, PortTakenError
from tradewind.manifest.load import ManifestError
from tradewind.manifest.plan import PORTS, Service
from tradewind.paths import shipped_folder

app = typer.Typer(
    name="tradewind",
    help="Runs a TradingStrategy manifest on this machine: test it, trade it, look at it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_QUICKSTART = shipped_folder("examples") / "quickstart.yaml"
Manifest = Annotated[
    Path, typer.Option("--file", "-f", metavar="MANIFEST", help="The TradingStrategy, as YAML or JSON.")
]
Manifests = Annotated[
    list[Path],
    typer.Option(
        "--file", "-f", metavar="MANIFEST", help="TradingStrategies, as YAML or JSON; give it again for more files."
    ),
]
DataDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        metavar="DIR",
        help=f"Where ledger, models and logs live (default: {default_folder()}).",
        show_default=False,
    ),
]
DatabaseUrl = Annotated[
    str | None,
    typer.Option(
        metavar="URL",
        envvar="TRADEWIND_DATABASE_URL",
        help="PostgreSQL 15 or newer to use instead of the embedded one, as postgresql://user:password@host/name.",
    ),
]
Kafka = Annotated[
    str,
    typer.Option(
        metavar="BROKER",
        envvar="TRADEWIND_KAFKA",
        help="embedded (light, keeps nothing), embedded-jvm (Apache Kafka), or a broker's host:port[,host:port].",
    ),
]


def _port_option(service: Service) -> Any:
    default = f"{PORTS[service]}, else the next free one"
    return typer.Option(min=1, max=65535, help=f"HTTP port of the {service} service.", show_default=default)


TradingPort = Annotated[int | None, _port_option("trading")]
MlPort = Annotated[int | None, _port_option("ml")]
IngestionPort = Annotated[int | None, _port_option("ingestion")]
BacktestPort = Annotated[int | None, _port_option("backtest")]
BarsFile = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="Bars to use instead of the feed's: FILE.parquet or FILE.csv.", show_default=False
    ),
]
TimeZone = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Of times in --bars without an offset, such as UTC.", show_default=False),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on standard output, and nothing else there.")]


@app.callback()
def _version(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=lambda given: _print_version(given), help="Say which.")
    ] = False,
) -> None:
    """Runs a TradingStrategy manifest on this machine: test it, trade it, look at it."""


@app.command()
def up(
    file: Manifests,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    kafka: Kafka = EMBEDDED,
    trading_port: TradingPort = None,
    ml_port: MlPort = None,
    ingestion_port: IngestionPort = None,
    backtest_port: BacktestPort = None,
) -> None:
    """Run strategies until Ctrl-C, each on ports of its own.

    Starts an embedded PostgreSQL and an embedded Kafka-protocol broker, unless others are named, and four services for
    each strategy as processes of this machine. What they wrote stays in the data directory and is taken up next time.
    The embedded broker keeps nothing: the ledger is in PostgreSQL.
    """
    # Imported here, as in every command: what the others need takes a while to load.
    from tradewind.desk.foundations import choose_foundations
    from tradewind.desk.up import run_up

    with _errors_as_exits():
        folder = _folder(data_dir)
        ports = _ports(trading_port, ml_port, ingestion_port, backtest_port)
        run_up(file, folder, ports, choose_foundations(folder, database_url, kafka))


@app.command()
def demo(
    file: Manifest = _QUICKSTART,
    data_dir: DataDir = None,
    database_url: DatabaseUrl = None,
    kafka: Kafka = EMBEDDED,
    trading_port: TradingPort = None,
    ml_port: MlPort = None,
    ingestion_port: IngestionPort = None,
    backtest_port: BacktestPort = None,
) -> None:
    """Replay real bars through the whole platform, and let the simulator check every order, fill and cent.

    Ends with status 1 when live and simulated disagree, when nothing was traded, or when the desk can't go on.
    """
    from tradewind.desk.demo import run_demo
    from tradewind.desk.foundations import choose_foundations

    with _errors_as_exits():
        folder = _folder(data_dir)
        ports = _ports(trading_port, ml_port, ingestion_port, backtest_port)
        run_demo(file, folder, ports, choose_foundations(folder, database_url, kafka))


@app.command()
def backtest(
    file: Manifest,
    as_json: AsJson = False,
    report: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the report as one HTML file that opens offline.", show_default=False),
    ] = None,
    bars: BarsFile = None,
    time_zone: TimeZone = None,
    data_dir: DataDir = None,
) -> None:
    """Simulate a strategy on history; no server is started.

    The manifest is a TradingStrategy, or a Backtest beside it in the same file (or with its strategy inline).
    """
    from tradewind.desk.backtest import run_backtest

    _refuse_idle(time_zone, bars)
    with _errors_as_exits():
        run_backtest(file, _folder(data_dir), as_json, report, bars, time_zone)


@app.command()
def check_lookahead(
    file: Manifest,
    cuts: Annotated[int, typer.Option(min=1, max=1_000_000, help="How many cut histories are compared.")] = 500,
    seed: Annotated[int, typer.Option(min=0, help="Draws where they are cut.")] = 0,
    as_json: AsJson = False,
    bars: BarsFile = None,
    time_zone: TimeZone = None,
    data_dir: DataDir = None,
) -> None:
    """Compare a rule's signals with those that it gives on histories that end earlier.

    Ends with status 1 when a signal changes as later bars are taken away, and names the first bar that does.
    """
    from tradewind.desk.lookahead import run_check

    _refuse_idle(time_zone, bars)
    with _errors_as_exits():
        run_check(file, _folder(data_dir), cuts, seed, as_json, bars, time_zone)


@app.command()
def status(data_dir: DataDir = None, as_json: AsJson = False) -> None:
    """Say what runs on a data directory, and how it is."""
    from tradewind.desk.overview import look, show

    with _errors_as_exits():
        folder = _folder(data_dir)
        overview = look(folder)
        if as_json:
            print(json.dumps(None if overview is None else asdict(overview), indent=2))
        else:
            show(overview, folder, Console())


@app.command()
def strategies(as_json: AsJson = False) -> None:
    """List what a manifest may name as its signal's model: rules, the neural network, and those of plug-ins."""
    from tradewind.desk.strategies import list_strategies

    with _errors_as_exits():
        list_strategies(as_json, Console())


def _refuse_idle(time_zone: str | None, bars: Path | None) -> None:
    if time_zone is not None and bars is None:
        raise typer.BadParameter("is of the times in --bars, which is not given", param_hint="--time-zone")


@contextmanager
def _errors_as_exits() -> Iterator[None]:
    """Turn what a user can set right into its message and status 2, and what the desk could not do into status 1."""
    # Imported here: most commands are over before a store or a data set would be loaded.
    from tradewind.backtest.folds import FoldError
    from tradewind.backtest.trials import SweepError
    from tradewind.bus.errors import BusError
    from tradewind.ingestion.sources.errors import BarsFileError
    from tradewind.ingestion.sources.replay import EmptyWindowError, UnknownSymbolError
    from tradewind.signals.parameters import SignalError
    from tradewind.store.errors import DatabaseUnusableError, RolesMissingError, StoreError, StrategyChangedError

    wrong_input = (
        ManifestError,
        SignalError,
        UnknownSymbolError,
        EmptyWindowError,
        BarsFileError,
        SweepError,
        FoldError,
        PageError,
        PortTakenError,
        PortOfSeveralError,
        KafkaOptionError,
        BrokerUnusableError,
        DataFolderBusyError,
        DataFolderUnusableError,
        StrategyChangedError,
        DatabaseUnusableError,
        RolesMissingError,
    )
    try:
        with Interruption():
            yield
    except wrong_input as error:
        if isinstance(error, SignalError) and error.__cause__ is not None:
            # A plug-in's own code failed: its author needs to see where.
            traceback.print_exception(error.__cause__)
        raise _exit(error, 2) from None
    except PermissionError as error:
        raise _exit(error, 2) from None
    except (DeskError, StoreError, BusError) as error:
        raise _exit(error, 1) from None
    except InterruptedByUserError as error:
        typer.echo("tradewind: interrupted", err=True)
        raise typer.Exit(error.exit_status) from None


def _exit(error: Exception, status: int) -> typer.Exit:
    typer.echo(f"tradewind: {error}", err=True)
    return typer.Exit(status)


def _folder(given: Path | None) -> DataFolder:
    return DataFolder((given or default_folder()).expanduser().absolute())


def _ports(trading: int | None, ml: int | None, ingestion: int | None, backtest: int | None) -> Ports:
    """Return the ports that were asked for."""
    given: dict[Service, int | None] = {"trading": trading, "ml": ml, "ingestion": ingestion, "backtest": backtest}
    return {service: port for service, port in given.items() if port is not None}


def _print_version(given: bool) -> None:
    if given:
        print(f"tradewind {__version__}")
        raise typer.Exit

"""The command line: reads options, calls what does the work, and turns errors into messages and exit statuses."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from tradewind import __version__
from tradewind.desk.folder import DataFolder, DataFolderBusyError, DataFolderUnusableError, default_folder
from tradewind.desk.interruption import InterruptedByUserError, Interruption
from tradewind.desk.launch import DeskError, Ports
from tradewind.desk.ports import PortTakenError
from tradewind.manifest.load import ManifestError
from tradewind.manifest.plan import PORTS
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
DataDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        metavar="DIR",
        help=f"Where ledger, models and logs live (default: {default_folder()}).",
        show_default=False,
    ),
]
TradingPort = Annotated[int, typer.Option(min=1, max=65535, help="HTTP port of the trading service.")]
MlPort = Annotated[int, typer.Option(min=1, max=65535, help="HTTP port of the ml service.")]
IngestionPort = Annotated[int, typer.Option(min=1, max=65535, help="HTTP port of the ingestion service.")]
BacktestPort = Annotated[int, typer.Option(min=1, max=65535, help="HTTP port of the backtest service.")]
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
    file: Manifest,
    data_dir: DataDir = None,
    trading_port: TradingPort = PORTS["trading"],
    ml_port: MlPort = PORTS["ml"],
    ingestion_port: IngestionPort = PORTS["ingestion"],
    backtest_port: BacktestPort = PORTS["backtest"],
) -> None:
    """Run a strategy until Ctrl-C.

    Starts an embedded PostgreSQL, an embedded Kafka-protocol broker and the four services as processes of this machine.
    What they wrote stays in the data directory and is taken up next time. The broker keeps nothing: the ledger is in
    PostgreSQL.
    """
    from tradewind.desk.up import run_up

    with _errors_as_exits():
        run_up(file, _folder(data_dir), _ports(trading_port, ml_port, ingestion_port, backtest_port))


@app.command()
def demo(
    file: Manifest = _QUICKSTART,
    data_dir: DataDir = None,
    trading_port: TradingPort = PORTS["trading"],
    ml_port: MlPort = PORTS["ml"],
    ingestion_port: IngestionPort = PORTS["ingestion"],
    backtest_port: BacktestPort = PORTS["backtest"],
) -> None:
    """Replay real bars through the whole platform, and let the simulator check every order, fill and cent.

    Ends with status 1 when live and simulated disagree, when nothing was traded, or when the desk can't go on.
    """
    from tradewind.desk.demo import run_demo

    with _errors_as_exits():
        run_demo(file, _folder(data_dir), _ports(trading_port, ml_port, ingestion_port, backtest_port))


@app.command()
def backtest(file: Manifest, as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """Simulate a strategy on history; no server is started.

    The manifest is a TradingStrategy, or a Backtest beside it in the same file (or with its strategy inline).
    """
    from tradewind.desk.backtest import run_backtest

    with _errors_as_exits():
        run_backtest(file, _folder(data_dir), as_json)


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


@contextmanager
def _errors_as_exits() -> Iterator[None]:
    """Turn what a user can set right into its message and status 2, and what the desk could not do into status 1."""
    # Imported here: most commands are over before a store or a data set would be loaded.
    from tradewind.ingestion.sources.replay import EmptyWindowError, UnknownSymbolError
    from tradewind.signals.check import UnknownModelError
    from tradewind.signals.parameters import ParameterError
    from tradewind.store.errors import StoreError, StrategyChangedError

    wrong_input = (
        ManifestError,
        ParameterError,
        UnknownModelError,
        UnknownSymbolError,
        EmptyWindowError,
        PortTakenError,
        DataFolderBusyError,
        DataFolderUnusableError,
        StrategyChangedError,
    )
    try:
        with Interruption():
            yield
    except wrong_input as error:
        raise _exit(error, 2) from None
    except PermissionError as error:
        raise _exit(error, 2) from None
    except (DeskError, StoreError) as error:
        raise _exit(error, 1) from None
    except InterruptedByUserError as error:
        typer.echo("tradewind: interrupted", err=True)
        raise typer.Exit(error.exit_status) from None


def _exit(error: Exception, status: int) -> typer.Exit:
    typer.echo(f"tradewind: {error}", err=True)
    return typer.Exit(status)


def _folder(given: Path | None) -> DataFolder:
    return DataFolder((given or default_folder()).expanduser().absolute())


def _ports(trading: int, ml: int, ingestion: int, backtest: int) -> Ports:
    return {"trading": trading, "ml": ml, "ingestion": ingestion, "backtest": backtest}


def _print_version(given: bool) -> None:
    if given:
        print(f"tradewind {__version__}")
        raise typer.Exit

"""The `tradewind` command."""

from tradewind.desk.cli import app


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()

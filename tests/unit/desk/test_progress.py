from io import StringIO

from rich.console import Console
from rich.progress import Progress

from tradewind.desk.progress import BarReporter, PlainReporter


def test_plain_lines_come_at_each_tenth_and_with_each_new_note() -> None:
    console = Console(file=StringIO(), width=20)
    reporter = PlainReporter(console)
    reporter.show("preparing the services", 0, 0, "ml model: training")
    reporter.show("preparing the services", 0, 0, "ml model: training")
    for done in range(101):
        reporter.show("replaying", done, 100)
    assert isinstance(console.file, StringIO)
    lines = console.file.getvalue().splitlines()
    assert lines[0] == "preparing the services (ml model: training)"
    assert lines[1:] == [f"replaying {done}/100" for done in range(0, 101, 10)]


def test_a_bar_is_complete_when_the_next_one_begins() -> None:
    progress = Progress(console=Console(file=StringIO()))
    reporter = BarReporter(progress)
    reporter.show("starting", 0, 0)
    reporter.show("replaying", 40, 100)
    starting, replaying = progress.tasks
    assert starting.finished
    assert (replaying.completed, replaying.total) == (40, 100)
    reporter.show("simulating", 0, 0)
    assert replaying.finished

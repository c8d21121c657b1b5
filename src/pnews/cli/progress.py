"""What `pnews batch` shows while it runs: a bar on a terminal, notes, failures, and the summary."""

from __future__ import annotations

import re
import sys
from collections import Counter
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING

from pnews.batch import Watch

if TYPE_CHECKING:
    from rich.console import Console

    from pnews.batch.inputs import Inputs
    from pnews.batch.journal import Progress
    from pnews.batch.work import Failure
    from pnews.formats.items import Item

FAILURES = 20
"""Failures that are told one by one."""
NOTES = 3
"""What is left out for the same reason and told one by one."""

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
"""What a file's name may hold and a terminal must not get."""


class Bar(Watch):
    """Tells on standard error what happens, with a bar where that is a terminal; `quiet` nothing.

    Ends with what was left out for want of room.
    """

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._console: Console | None = None
        self._failures = 0
        self._first: Progress | None = None
        self._left_out: Counter[str] = Counter()
        self._stack = ExitStack()

    def __enter__(self) -> Bar:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._stack.close()
        self._console = None
        if self._failures > FAILURES:
            self._say(f"{self._failures - FAILURES} more failures: see the file of errors")
        for reason, count in self._left_out.items():
            if count > NOTES:
                self._say(f"left out: {count - NOTES} more: {reason}")

    def begin(self, inputs: Inputs) -> None:
        """Show the bar; what is to come is counted in bytes."""
        if self._quiet or not sys.stderr.isatty():
            return
        from rich import progress
        from rich.console import Console

        self._console = Console(stderr=True, highlight=False)
        total = inputs.total()
        bar = progress.Progress(
            progress.TextColumn("annotating"),
            progress.BarColumn(),
            progress.TextColumn("{task.fields[done]:,} documents {task.fields[speed]:.0f}/s"),
            progress.TextColumn("[red]{task.fields[failed]}"),
            *([progress.TimeRemainingColumn()] if total else []),
            console=self._console,
            transient=True,
        )
        self._bar = self._stack.enter_context(bar)
        self._task = bar.add_task("", total=total, done=0, speed=0.0, failed="")

    def advance(self, progress: Progress, position: int) -> None:
        """Move the bar."""
        if self._console is None:
            return
        if self._first is None:
            self._first = progress
            self._bar.reset(self._task, completed=position)
        seconds = progress.seconds - self._first.seconds
        speed = (progress.read - self._first.read) / seconds if seconds else 0.0
        failed = f"{progress.failed:,} failed" if progress.failed else ""
        self._bar.update(
            self._task, completed=position, done=progress.read, speed=speed, failed=failed
        )

    def failed(self, failure: Failure) -> None:
        """Tell the first failures; all are in the file of errors."""
        self._failures += 1
        if self._failures <= FAILURES:
            self._say(failure.reason)

    def skipped(self, item: Item) -> None:
        """Tell the first of what is left out for the same reason."""
        self._left_out[item.error] += 1
        if self._left_out[item.error] <= NOTES:
            self._say(f"left out: {item.place}: {item.error}")

    def _say(self, words: str) -> None:
        if self._quiet:
            return
        line = f"pnews: {CONTROL.sub(lambda found: repr(found[0])[1:-1], words)}"
        if self._console is not None:
            self._console.print(line, markup=False, soft_wrap=True)
        else:
            print(line, file=sys.stderr)


def summary(progress: Progress) -> None:
    """A table on standard error: documents, failures, seconds, and entities by type."""
    from rich.console import Console
    from rich.table import Table

    table = Table(show_header=False, box=None, padding=(0, 1))
    table.add_column()
    table.add_column(justify="right")
    table.add_row("documents", f"{progress.annotated:,}")
    for kind, count in sorted(progress.entities.items(), key=lambda found: -found[1]):
        table.add_row(f"  {kind}", f"{count:,}")
    table.add_row("failures", f"{progress.failed:,}")
    table.add_row("seconds", f"{progress.seconds:,.1f}")
    Console(stderr=True, highlight=False).print(table)

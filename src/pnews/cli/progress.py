"""A progress bar on a terminal, nothing elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def bar(label: str) -> Callable[[Sequence[T]], Iterator[T]]:
    """What walks through a sequence and shows how far it is, on standard error."""
    if not sys.stderr.isatty():
        return iter

    def walk(items: Sequence[T]) -> Iterator[T]:
        from rich.console import Console
        from rich.progress import track

        yield from track(items, description=label, console=Console(stderr=True), transient=True)

    return walk

"""A batch with a stage that costs nothing, as a process to be killed: IN OUT.

Words of a text make the stage fail: ERROR and MEMORY raise, KILL and EXIT end the worker, by a
signal and with a status, ONCE:FILE ends it if FILE isn't there yet.
"""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from msgspec.structs import replace

from pnews.batch import annotate_files
from pnews.document import Document, Entity


def cheap() -> Callable[[Iterable[Document]], Iterator[Document]]:
    """One entity a document, after a millisecond or two; and what the words above say."""

    def annotate(documents: Iterable[Document]) -> Iterator[Document]:
        for document in documents:
            time.sleep(0.001 + len(document.text) % 3 / 1000)
            _fail(document.text)
            first = document.text.split()[0]
            entity = Entity("e1", "PER", first, first, 0, len(first), 0, len(first), 0.5)
            yield replace(document, normalized=document.text, entities=(entity,))

    return annotate


def signed() -> Callable[[Iterable[Document]], Iterator[Document]]:
    """Each document says in its text who made it."""

    def annotate(documents: Iterable[Document]) -> Iterator[Document]:
        return (replace(document, text=str(os.getpid())) for document in documents)

    return annotate


def broken() -> Callable[[Iterable[Document]], Iterator[Document]]:
    """A pipeline that can't be built."""
    raise ValueError("no model")


def stillborn() -> Callable[[Iterable[Document]], Iterator[Document]]:
    """A worker that dies before it is ready."""
    os._exit(5)


def _fail(text: str) -> None:
    if "ERROR" in text:
        raise ValueError("a bad\nday")
    if "MEMORY" in text:
        raise MemoryError
    if "KILL" in text:
        os.kill(os.getpid(), signal.SIGKILL)
    if "EXIT" in text:
        os._exit(3)
    if (once := re.search(r"ONCE:(\S+)", text)) and not Path(once[1]).exists():
        Path(once[1]).touch()
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    annotate_files([sys.argv[1]], sys.argv[2], make=cheap, workers=2, resume=True, seconds=0.02)

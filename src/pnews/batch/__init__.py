"""Many documents into one file, without losing one.

A reader yields documents, workers annotate them, a writer takes them in order, the journal
remembers.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from pnews.batch.inputs import Inputs
from pnews.batch.journal import Journal, Progress, places
from pnews.batch.work import Annotate, Failure
from pnews.batch.workers import Crew
from pnews.errors import InputError
from pnews.formats.items import Item, Reading
from pnews.pipeline import Pipeline
from pnews.version import __version__

DOCUMENTS = 16
BYTES = 1 << 17
"""Of a chunk, which a worker does at once, as documents are stored: whichever comes first."""

LIMIT = 10_000_000
"""Bytes of the largest document that is read."""


class Watch:
    """What a batch tells while it runs; this one doesn't listen."""

    def begin(self, inputs: Inputs) -> None:
        """Called once, before anything is read."""

    def advance(self, progress: Progress, position: int) -> None:
        """Called after each chunk; `position` is in bytes of the inputs."""

    def failed(self, failure: Failure) -> None:
        """Called for each document that couldn't be annotated."""

    def skipped(self, item: Item) -> None:
        """Called for each file or member that was left out."""


class Mark(NamedTuple):
    """What is true once a chunk is written: the digest of all that was read, and how far."""

    digest: str
    position: int


def annotate_files(
    names: Sequence[str],
    output: str,
    *,
    how: Reading | None = None,
    globs: Sequence[str] = (),
    to: str | None = None,
    workers: int | None = None,
    resume: bool = False,
    force: bool = False,
    options: Mapping[str, Mapping[str, Any]] | None = None,
    make: Callable[[], Annotate] | None = None,
    watch: Watch | None = None,
    seconds: float = 1.0,
) -> Progress | None:
    """Annotate the documents of files, folders and standard input (`-`) into one file, in order.

    The result doesn't depend on `workers` (by default the cores), nor on how often the batch was
    stopped and resumed. Documents that fail go to `out.errors.jsonl`, and the rest go on.
    `options` are those of `Pipeline`; `make`, which must be picklable, makes another in each
    worker. `seconds` is how much work may be lost to a kill. Returns how it went; None where
    `resume` finds the output finished.

    Raises InputError, before anything is done, for what can't be; StoppedError where the disk is
    full, say: `resume` goes on. KeyboardInterrupt leaves the batch so that it can be resumed.
    """
    how = how or Reading(limit=LIMIT)
    watch = watch or Watch()
    options = _on_one_thread(options or {})
    make = make or partial(Pipeline, fresh=True, options=options)
    inputs = Inputs(names, how, globs=globs, without=places(output))
    asked = _asked(names, how, globs, options)
    with Journal(output, asked, to=to, resume=resume, force=force, seconds=seconds) as journal:
        if journal.nothing_to_do:
            return None
        if not journal.progress.finished:
            watch.begin(inputs)
            crew = Crew(make, how, size=workers or _cores(options))
            _annotate(inputs, journal, crew, watch)
        journal.finish()
    return journal.progress


def _annotate(inputs: Inputs, journal: Journal, crew: Crew, watch: Watch) -> None:
    reader = _Reader(inputs, watch)
    reader.skip(journal.progress, journal.places.output.name)
    watch.advance(journal.progress, inputs.position)
    for outcomes in crew.annotate(reader.chunks()):
        mark = reader.marks.popleft()
        journal.add(outcomes, mark.digest)
        for outcome in outcomes:
            if outcome.failure:
                watch.failed(outcome.failure)
        watch.advance(journal.progress, mark.position)
    if not journal.progress.read:
        raise InputError(f"{', '.join(inputs.names)}: nothing to annotate in it; see --glob")


class _Reader:
    """The items of the inputs in chunks; `marks` are those of chunks that aren't written yet."""

    def __init__(self, inputs: Inputs, watch: Watch) -> None:
        self._inputs, self._watch = inputs, watch
        self._items = iter(inputs)
        self._digest = blake2b(digest_size=16)
        self.marks: deque[Mark] = deque()

    def skip(self, progress: Progress, output: str) -> None:
        """Pass over what is done; raises InputError if it isn't what was read then."""
        read = sum(1 for _ in zip(range(progress.read), self._documents(), strict=False))
        if progress.read and (read, self._digest.hexdigest()) != (progress.read, progress.digest):
            raise InputError(
                f"{output}: the inputs have changed since it was begun; start again with --force"
            )

    def chunks(self) -> Iterator[list[Item]]:
        """Cut by number and bytes alone, so that each run cuts them alike."""
        chunk: list[Item] = []
        size = 0
        for item in self._documents():
            chunk.append(item)
            size += len(item.raw)
            if len(chunk) == DOCUMENTS or size >= BYTES:
                yield self._marked(chunk)
                chunk, size = [], 0
        if chunk:
            yield self._marked(chunk)

    def _marked(self, chunk: list[Item]) -> list[Item]:
        self.marks.append(Mark(self._digest.hexdigest(), self._inputs.position))
        return chunk

    def _documents(self) -> Iterator[Item]:
        for item in self._items:
            if item.kind == "skipped":
                self._watch.skipped(item)
                continue
            error = item.error.encode("utf-8", "backslashreplace")
            for part in (item.id.encode(), item.raw, error):
                self._digest.update(b"%d " % len(part))
                self._digest.update(part)
            yield item


def _asked(
    names: Sequence[str],
    how: Reading,
    globs: Sequence[str],
    options: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:
    """What decides the output, by the names that users know."""
    kb = options.get("resolve", {}).get("kb")
    flat = {name: value for stage in options.values() for name, value in stage.items()}
    return {
        "inputs": list(names),
        "glob": list(globs),
        **msgspec.to_builtins(how),
        **flat,
        "table of names": _digest_of(kb) if kb else None,
        "pnews": __version__,
        "onnxruntime": version("onnxruntime"),
    }


def _digest_of(name: str) -> str:
    try:
        return blake2b(Path(name).read_bytes(), digest_size=16).hexdigest()
    except OSError as error:
        raise InputError(f"{name}: can't be read: {error.strerror}; check the file") from None


def _on_one_thread(options: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    made = {stage: dict(given) for stage, given in options.items()}
    made.setdefault("entities", {})["threads"] = 1
    return made


def _cores(options: Mapping[str, Mapping[str, Any]]) -> int:
    """Workers: as many as the cores that this process may use; one for a GPU."""
    if options["entities"].get("device", "cpu") != "cpu":
        return 1
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1

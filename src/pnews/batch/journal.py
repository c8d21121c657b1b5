"""What a batch has done, so that it can be killed at any moment and go on.

Beside the output `out.jsonl` stand, while a batch is unfinished,

    out.jsonl.part           the documents that are done, in order, as JSON Lines
    out.jsonl.errors.part    the failures among them
    out.jsonl.journal        how far both are true

and, for other formats, a folder `out.db.writing` while they are written from the first at the end.

The journal is lines, each with a checksum: first what was asked for, then how many documents were
done when the two others had which lengths. A line is added when those lengths are safe on the
disk. Whatever stands behind them, or behind the last whole line, is cut off by who goes on.
"""

from __future__ import annotations

import os
import sys
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree
from time import monotonic
from types import TracebackType
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

from pnews.batch.work import Outcome
from pnews.document import Document
from pnews.errors import InputError, StoppedError
from pnews.formats import output_format, write_file

if sys.platform != "win32":
    import fcntl

SECONDS = 1.0
"""Between two lines of the journal."""


class Progress(msgspec.Struct, frozen=True):
    """How far a batch is.

    `read` counts the documents of the inputs, `digest` is of all of them as they were stored;
    `written` and `errors` are bytes of the two files. `finished` when nothing is left but to put
    the output in its place.
    """

    read: int = 0
    digest: str = ""
    written: int = 0
    errors: int = 0
    annotated: int = 0
    failed: int = 0
    entities: dict[str, int] = {}
    seconds: float = 0.0
    finished: bool = False


class Places(NamedTuple):
    """The files of a batch; it never reads them as inputs."""

    output: Path
    errors: Path
    part: Path
    errors_part: Path
    writing: Path
    journal: Path


def places(output: str) -> Places:
    """`out.jsonl` and `out.errors.jsonl`, and what stands beside them until they are whole."""
    path = Path(output).resolve()
    return Places(
        path,
        path.with_name(path.name.removesuffix(".jsonl") + ".errors.jsonl"),
        path.with_name(path.name + ".part"),
        path.with_name(path.name + ".errors.part"),
        path.with_name(path.name + ".writing"),
        path.with_name(path.name + ".journal"),
    )


class Journal:
    """The files of a batch that is under way, held by one process until it leaves the block.

    `asked` is what the batch was asked to do, by name. Raises InputError if another process holds
    the files; if they are there but `resume` isn't asked for, or asks for something else; and for
    an output that is there already. `force` starts anew whatever is there. OSError is raised as
    StoppedError: what is done is kept.
    """

    def __init__(
        self,
        output: str,
        asked: Mapping[str, Any],
        *,
        to: str | None = None,
        resume: bool = False,
        force: bool = False,
        seconds: float = SECONDS,
    ) -> None:
        self._name, self._to, self._seconds = output, to, seconds
        self._format = output_format(output, to)
        self.places = places(output)
        self.progress = Progress()
        self.nothing_to_do = False
        self._check(resume, force)
        self._lock, made_now = _locked(self.places.journal, output)
        try:
            with _stopping(output):
                self._begin(asked, resume, force, made_now)
        except BaseException:
            self._release(remove=made_now)
            raise
        self._began = monotonic() - self.progress.seconds
        self._saved = monotonic()

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        """Whatever happened: what is done is written down; if that is nothing, nothing stays."""
        if self._lock < 0:
            return
        if not self.progress.read:
            self.places.part.unlink(missing_ok=True)
            self.places.errors_part.unlink(missing_ok=True)
        else:
            with suppress(OSError):
                self._save()
        self._release(remove=not self.progress.read)

    def add(self, outcomes: Sequence[Outcome], digest: str) -> None:
        """Write what became of the next documents; `digest` is of all up to them."""
        lines = [outcome.line for outcome in outcomes if outcome.failure is None]
        failures = [outcome.failure for outcome in outcomes if outcome.failure is not None]
        told = b"".join(msgspec.json.encode(failure) + b"\n" for failure in failures)
        counts = Counter(self.progress.entities)
        for outcome in outcomes:
            counts.update(outcome.entities)
        before = self.progress
        with _stopping(self._name):
            written = _write(self._part, b"".join(lines))
            errors = _write(self._errors, told)
            self.progress = Progress(
                read=before.read + len(outcomes),
                digest=digest,
                written=before.written + written,
                errors=before.errors + errors,
                annotated=before.annotated + len(lines),
                failed=before.failed + len(failures),
                entities=dict(counts),
                seconds=round(monotonic() - self._began, 3),
            )
            if monotonic() - self._saved >= self._seconds:
                self._save()

    def finish(self) -> None:
        """Put the output and the failures in their places, and forget the rest."""
        with _stopping(self._name):
            if not self.progress.finished:
                self.progress = replace(self.progress, finished=True)
                self._save()
            if not self.progress.failed:
                self.places.errors_part.unlink(missing_ok=True)
                self.places.errors.unlink(missing_ok=True)
            elif self.places.errors_part.exists():
                self.places.errors_part.replace(self.places.errors)
            if self.places.part.exists():
                self._publish()
            rmtree(self.places.writing, ignore_errors=True)
            _sync_folder(self.places.output.parent)
            self._release(remove=True)

    def _publish(self) -> None:
        if self._format == "jsonl":
            self.places.part.replace(self.places.output)
            return
        folder = self.places.writing  # for whatever else a writer makes beside its file
        rmtree(folder, ignore_errors=True)
        folder.mkdir()
        made = folder / self.places.output.name
        write_file(_documents(self.places.part), str(made), to=self._format)
        with made.open("rb") as stream:
            os.fsync(stream.fileno())
        made.replace(self.places.output)
        self.places.part.unlink()

    def _check(self, resume: bool, force: bool, *, made_now: bool = False) -> None:
        """Refuse what can be told without the lock, so that nothing is made."""
        output = self.places.output
        if self._name == "-":
            raise InputError("-: a batch can't go on in a stream; name a file, or: pnews annotate")
        if output.exists() and not output.is_file():
            what = "a folder; name a file in it" if output.is_dir() else "no regular file"
            raise InputError(f"{self._name}: {what}")
        if resume or force:
            return
        if self.places.journal.exists() and not made_now:
            raise InputError(
                f"{self._name}: a batch is unfinished; go on with --resume, or start again with "
                "--force"
            )
        if output.exists():
            raise InputError(f"{self._name}: is there already; make it again with --force")

    def _begin(self, asked: Mapping[str, Any], resume: bool, force: bool, made_now: bool) -> None:
        begun, self.progress, end = _read(self._lock)
        os.ftruncate(self._lock, end)
        os.lseek(self._lock, end, os.SEEK_SET)
        if resume and made_now and self.places.output.exists():
            self.nothing_to_do = True
            self._release(remove=True)
        elif resume and begun is not None:
            _compare(begun, msgspec.to_builtins(asked), self._name)
            self._open()
        else:
            self._check(resume, force, made_now=made_now)
            self.progress = Progress()
            self._append(asked)
            self._open()

    def _open(self) -> None:
        """The two files, cut to what the journal says; neither if the batch is finished."""
        self._part = self._errors = -1
        if self.progress.finished:
            return
        self._part = _cut(self.places.part, self.progress.written, self._name)
        self._errors = _cut(self.places.errors_part, self.progress.errors, self._name)

    def _save(self) -> None:
        if self._part >= 0:
            os.fsync(self._part)
            os.fsync(self._errors)
        self._append(self.progress)
        self._saved = monotonic()

    def _append(self, what: object) -> None:
        line = msgspec.json.encode(what)
        _write(self._lock, b"%08x %b\n" % (zlib.crc32(line), line))
        os.fsync(self._lock)

    def _release(self, *, remove: bool) -> None:
        if remove:
            self.places.journal.unlink(missing_ok=True)
        os.close(self._lock)
        self._lock = -1


def _read(journal: int) -> tuple[dict[str, Any] | None, Progress, int]:
    """What was asked for last, how far that is, and where the last whole line ends."""
    asked: dict[str, Any] | None = None
    progress, end = Progress(), 0
    with os.fdopen(os.dup(journal), "rb") as stream:
        for line in stream:
            checksum, _, raw = line.removesuffix(b"\n").partition(b" ")
            if not line.endswith(b"\n") or checksum != b"%08x" % zlib.crc32(raw):
                break
            found = msgspec.json.decode(raw)
            if "read" in found:
                progress = msgspec.convert(found, Progress)
            else:
                asked, progress = found, Progress()
            end += len(line)
    return asked, progress, end


def _compare(begun: Mapping[str, Any], asked: Mapping[str, Any], name: str) -> None:
    for key in {**begun, **asked}:
        if begun.get(key) != asked.get(key):
            raise InputError(
                f"{name}: was begun with {key} {begun.get(key)!r}, not {asked.get(key)!r}; resume "
                "it as it was begun, or start again with --force"
            )


def _locked(journal: Path, output: str) -> tuple[int, bool]:
    """The journal, open and locked, and whether it was made just now."""
    while True:
        made_now = not journal.exists()
        try:
            found = os.open(journal, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            raise InputError(
                f"{output}: can't be written: {error.strerror}; check the folder"
            ) from None
        if sys.platform != "win32":
            try:
                fcntl.flock(found, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                os.close(found)
                raise InputError(
                    f"{output}: another batch is writing it; wait for it, or name another output"
                ) from None
        # Its owner may have finished and removed it between the two.
        if journal.exists() and os.path.samestat(os.fstat(found), journal.stat()):
            return found, made_now
        os.close(found)


def _cut(path: Path, length: int, name: str) -> int:
    """A file of the batch, open at `length` with nothing behind it."""
    opened = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    if os.fstat(opened).st_size < length:
        os.close(opened)
        raise InputError(f"{name}: {path.name} is not as it was left; start again with --force")
    os.ftruncate(opened, length)
    os.lseek(opened, length, os.SEEK_SET)
    return opened


def _write(opened: int, raw: bytes) -> int:
    """All of it, or OSError."""
    rest = memoryview(raw)
    while rest:
        rest = rest[os.write(opened, rest) :]
    return len(raw)


def _documents(part: Path) -> Iterator[Document]:
    decoder = msgspec.json.Decoder(Document)
    with part.open("rb") as stream:
        for line in stream:
            yield decoder.decode(line)


def _sync_folder(folder: Path) -> None:
    """Make names in a folder safe on the disk, where the system can."""
    with suppress(OSError):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


@contextmanager
def _stopping(name: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise StoppedError(f"{name}: can't be written: {reason}; make room") from None

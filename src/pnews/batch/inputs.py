"""What a batch reads: files, folders and standard input, one document after the other.

Nothing is held but the names in the folders that are open, so a folder of a million files or a
dump of a million records takes no more memory than one of ten.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Collection, Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import IO, NamedTuple

from pnews.errors import InputError
from pnews.formats import is_known
from pnews.formats.compression import bare
from pnews.formats.items import Item, Reading
from pnews.formats.read import STDIN, items


class Found(NamedTuple):
    """A file to read, its id, and its size in bytes; or why it isn't read, as an item."""

    path: str
    id: str
    size: int = 0
    instead: Item | None = None


class Inputs:
    """The documents of all inputs, in order: as named, folders by the names in them.

    The id of a file is its name, in a folder its path below that folder. `globs` choose files of
    folders, by name or by path; without them, all whose ending is known. `without` are files
    that are never read: the batch's own. Raises InputError for an input that isn't there.
    """

    def __init__(
        self,
        names: Sequence[str],
        how: Reading,
        *,
        globs: Sequence[str] = (),
        without: Collection[Path] = (),
    ) -> None:
        for name in names:
            if name != STDIN and not os.path.lexists(name):
                raise InputError(f"{name}: no such file or folder; check the name")
        self.names, self._how, self._globs = names, how, globs
        self._without = {path.resolve() for path in without}
        self._own_names = {path.name for path in without}
        self._before = 0
        self._open: IO[bytes] | None = None

    @property
    def position(self) -> int:
        """Bytes of the files, as they are stored, that have been read."""
        return self._before + _tell(self._open)

    def total(self) -> int | None:
        """Bytes of all files; None if standard input is among them."""
        if STDIN in self.names:
            return None
        return sum(found.size for found in self._files())

    def __iter__(self) -> Iterator[Item]:
        for found in self._files():
            if found.instead:
                yield found.instead
                continue
            try:
                self._open = sys.stdin.buffer if found.path == STDIN else open(found.path, "rb")  # noqa: PTH123, SIM115
            except OSError as error:
                yield _unreadable(found.path, found.id, error)
                continue
            try:
                yield from items(self._open, printable(found.path), found.id, self._how)
            except Exception as error:  # a reader's own fault is one file's failure, no more
                reason = f"can't be read: {type(error).__name__}: {error}"
                yield Item(found.path, found.id, error=f"{printable(found.path)}: {reason}")
            finally:
                self._open.close()
                self._open = None
            self._before += found.size

    def _files(self) -> Iterator[Found]:
        for name in self.names:
            if name != STDIN and Path(name).is_dir():
                yield from self._below(name, "", _with_parents(Path(name).resolve()))
            else:
                size = 0 if name == STDIN else _size(name)
                yield Found(name, printable(Path(name).name), size)

    def _below(self, folder: str, prefix: str, seen: set[tuple[int, int]]) -> Iterator[Found]:
        """The files of a folder and of those in it, less the folders that have been `seen`."""
        try:
            with os.scandir(folder) as entries:
                names = sorted(entry.name for entry in entries)
        except OSError as error:
            yield Found(folder, "", instead=_unreadable(folder, prefix or folder, error))
            return
        for name in names:
            yield from self._entry(os.path.join(folder, name), prefix + name, seen)  # noqa: PTH118

    def _entry(self, path: str, relative: str, seen: set[tuple[int, int]]) -> Iterator[Found]:
        if relative.rpartition("/")[2].startswith("."):
            yield _left_out(path, relative, "hidden")
            return
        try:
            status = Path(path).stat()
        except OSError as error:
            if error.errno == errno.ELOOP:
                yield _left_out(path, relative, "a link to itself")
            elif self._is_wanted(path, relative):
                yield Found(path, relative, instead=_unreadable(path, relative, error))
            return
        if not stat.S_ISDIR(status.st_mode):
            yield from self._file(path, relative, status)
        elif _identity(status) in seen:
            yield _left_out(path, relative, "a link to a folder above it or read already")
        else:
            seen.add(_identity(status))
            yield from self._below(path, relative + "/", seen)

    def _file(self, path: str, relative: str, status: os.stat_result) -> Iterator[Found]:
        if not stat.S_ISREG(status.st_mode):
            yield _left_out(path, relative, "no regular file")
        elif self._is_wanted(path, relative):
            yield Found(path, printable(relative), status.st_size)
        elif not self._globs and not is_known(bare(relative)):
            yield _left_out(path, relative, "of no known ending; choose files with --glob")

    def _is_wanted(self, path: str, relative: str) -> bool:
        name = relative.rpartition("/")[2]
        if self._globs:
            wanted = any(fnmatchcase(n, glob) for n in (name, relative) for glob in self._globs)
        else:
            wanted = is_known(bare(name))
        if name not in self._own_names:  # most: no question to the file system
            return wanted
        return wanted and Path(path).resolve() not in self._without


def printable(name: str) -> str:
    """A file's name that can be written as UTF-8: bytes that can't be decoded become `\\xff`."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _with_parents(folder: Path) -> set[tuple[int, int]]:
    """A folder and those that it is in, none of which is read by a link below it."""
    return {_identity(above.stat()) for above in (folder, *folder.parents)}


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino


def _size(name: str) -> int:
    try:
        return Path(name).stat().st_size
    except OSError:
        return 0


def _tell(stream: IO[bytes] | None) -> int:
    try:
        return stream.tell() if stream else 0
    except (OSError, ValueError):  # a pipe
        return 0


def _left_out(path: str, id: str, reason: str) -> Found:
    item = Item(printable(path), printable(id), kind="skipped", error=reason)
    return Found(path, item.id, instead=item)


def _unreadable(path: str, id: str, error: OSError) -> Item:
    place = printable(path)
    reason = f"{place}: can't be read: {error.strerror}; check the file"
    return Item(place, printable(id), error=reason)

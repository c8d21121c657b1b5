"""Zip and tar archives: their members as documents, read as a stream, never written anywhere."""

from __future__ import annotations

import io
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from pnews.errors import InputError
from pnews.formats.items import Item, Reading
from pnews.formats.read import items


def read_zip(stream: io.BufferedReader, place: str, id: str, how: Reading) -> Iterator[Item]:
    """The members in the archive's order; ids are `archive/member`."""
    if not stream.seekable():
        raise InputError(f"{place}: zip can't be read as a stream; unpack it into a file")
    try:
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise InputError(f"{place}: not a zip that can be read: {error}; get it again") from None
    with archive:
        for member in archive.infolist():
            if not member.is_dir():
                yield from _of_zip(archive, member, place, id, how)


def _of_zip(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, place: str, id: str, how: Reading
) -> Iterator[Item]:
    here, its_id = f"{place}/{_clean(member.filename)}", f"{id}/{_clean(member.filename)}"
    if is_hidden(member.filename):
        yield Item(here, its_id, kind="skipped", error="hidden")
        return
    try:
        with archive.open(member) as opened:
            yield from _of_member(opened, here, its_id, how)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
        yield Item(
            here, its_id, error=f"{here}: can't be unpacked: {error}; make the archive again"
        )


def read_tar(stream: io.BufferedReader, place: str, id: str, how: Reading) -> Iterator[Item]:
    """The members in the archive's order; ids are `archive/member`."""
    try:
        with tarfile.open(fileobj=stream, mode="r|") as archive:
            while member := archive.next():
                archive.members.clear()  # type: ignore[attr-defined]  # it would keep them all
                yield from _of_tar(archive, member, place, id, how)
    except (tarfile.TarError, EOFError, ValueError, OSError) as error:
        raise InputError(f"{place}: not a tar that can be read: {error}; get it again") from None


def _of_tar(
    archive: tarfile.TarFile, member: tarfile.TarInfo, place: str, id: str, how: Reading
) -> Iterator[Item]:
    here, its_id = f"{place}/{_clean(member.name)}", f"{id}/{_clean(member.name)}"
    if member.isdir():
        return
    if is_hidden(member.name) or not member.isreg():
        reason = "hidden" if is_hidden(member.name) else "no regular file"
        yield Item(here, its_id, kind="skipped", error=reason)
    elif (opened := archive.extractfile(member)) is not None:
        yield from _of_member(opened, here, its_id, how)


def _of_member(opened: IO[bytes], place: str, id: str, how: Reading) -> Iterator[Item]:
    return items(opened, place, id, how, inside=True)


def is_hidden(name: str) -> bool:
    """Whether a file or a folder above it is hidden, or Apple's notes on other files."""
    return any(
        (part.startswith(".") and part not in (".", "..")) or part == "__MACOSX"
        for part in name.split("/")
    )


def _clean(name: str) -> str:
    """A name that can be written as UTF-8."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")

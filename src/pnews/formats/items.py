"""What a reader gives: documents as they are stored, not yet decoded, and what couldn't be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO, Literal

import msgspec

from pnews.errors import InputError

PIECE = 1 << 20
"""Bytes that are read at once of what is only passed over."""


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """How inputs are read.

    `limit` is the most bytes that one document may take as it is stored, unpacked; None for any.
    The keys name fields of records (JSON Lines, CSV, Parquet); `date` is the day of publication
    of all documents.
    """

    encoding: str | None = None
    html: bool = False
    date: str | None = None
    text_key: str = "text"
    id_key: str = "id"
    date_key: str = "date"
    title_key: str | None = None
    limit: int | None = None


class Item(msgspec.Struct, frozen=True):
    """One document as it is stored; with an `error` it is one that can't be read, and the error
    says why. `skipped` stands for what is no document and was left out.

    `id` is for a document that brings none of its own; `place` is where messages say it is.
    """

    place: str
    id: str
    raw: bytes = b""
    kind: Literal["text", "html", "record", "skipped"] = "text"
    error: str = ""


def whole(stream: BinaryIO, place: str, id: str, how: Reading, *, first: bytes = b"") -> Item:
    """All of a stream as one document, `first` before it."""
    raw = first + (stream.read() if how.limit is None else stream.read(how.limit + 1))
    if how.limit is not None and len(raw) > how.limit:
        return too_large(place, id, how)
    return Item(place, id, raw)


def read_lines(stream: BinaryIO, place: str, id: str, how: Reading) -> Iterator[Item]:
    """JSON Lines: a record for each line that isn't blank, `id:line` where it has no id."""
    return records(lines(stream, how.limit), place, id, how)


def records(found: Iterable[bytes | None], place: str, id: str, how: Reading) -> Iterator[Item]:
    """The same of lines as `lines` gives them."""
    for number, line in enumerate(found, 1):
        here, its_id = f"{place}: line {number}", f"{id}:{number}"
        if line is None:
            yield too_large(here, its_id, how)
        elif line.strip():
            yield Item(here, its_id, line, "record")


def lines(stream: BinaryIO, limit: int | None) -> Iterator[bytes | None]:
    """The lines; None for one that is longer than `limit`, which is passed over, never held."""
    while line := stream.readline() if limit is None else stream.readline(limit + 1):
        if limit is None or len(line) <= limit:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(PIECE)
        yield None


def record(place: str, id: str, fields: dict[str, Any], how: Reading) -> Item:
    """A row of a table as a record."""
    try:
        raw = msgspec.json.encode(fields)
    except (TypeError, ValueError, UnicodeEncodeError) as error:
        return Item(place, id, kind="record", error=f"{place}: can't be a record: {error}")
    if how.limit is not None and len(raw) > how.limit:
        return too_large(place, id, how)
    return Item(place, id, raw, "record")


def too_large(place: str, id: str, how: Reading) -> Item:
    """A document over the limit."""
    return Item(
        place, id,
        error=f"{place}: larger than {how.limit:,} bytes; raise --max-document-size to take it",
    )  # fmt: skip


def missing_column(place: str, columns: list[str], how: Reading) -> InputError:
    """A table without the column of texts."""
    names = ", ".join(columns)[:200]
    return InputError(
        f"{place}: no column {how.text_key!r}; choose one with --text-column: {names}"
    )

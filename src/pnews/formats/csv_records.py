"""CSV and TSV: a record for each row under the header."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator

from pnews.errors import InputError
from pnews.formats.encodings import detect
from pnews.formats.items import PIECE, Item, Reading, missing_column, record

HEAD = 1 << 16
"""Bytes by which the encoding is told."""


def read_csv(stream: io.BufferedReader, place: str, id: str, how: Reading) -> Iterator[Item]:
    """Rows with their columns as fields; the header says whether `,`, `;` or a tab parts them.

    A row that can't be read is a failure of its own. Raises InputError without a column of texts.
    """
    csv.field_size_limit(how.limit or sys.maxsize)
    lines = _Lines(stream, place, how)
    first = next(lines, "")
    rows = csv.reader(lines, delimiter=max(",;\t", key=first.count))
    header = next(csv.reader([first], delimiter=max(",;\t", key=first.count)), [])
    if how.text_key not in header:
        raise missing_column(place, header, how)
    while True:
        number = lines.number + 1
        here, its_id = f"{place}: line {number}", f"{id}:{number}"
        try:
            row = next(rows)
        except StopIteration:
            return
        except (csv.Error, _LongLineError) as error:
            yield Item(here, its_id, kind="record", error=_named(here, error))
            continue
        if row:
            yield _of_row(here, its_id, header, row, how)


def _of_row(place: str, id: str, header: list[str], row: list[str], how: Reading) -> Item:
    """A row as a record; cells beyond the header are fields `column 7`, say."""
    names = [*header, *(f"column {number}" for number in range(len(header) + 1, len(row) + 1))]
    fields = {name: cell for name, cell in zip(names, row, strict=False) if cell}
    for cell in row:
        try:
            cell.encode()
        except UnicodeEncodeError as error:
            byte = ord(cell[error.start]) - 0xDC00
            return Item(
                place, id, kind="record",
                error=f"{place}: byte 0x{byte:02x} can't be decoded; try another --encoding",
            )  # fmt: skip
    return record(place, id, fields, how)


def _named(place: str, error: Exception) -> str:
    words = " ".join(str(error).split())
    return words if isinstance(error, InputError) else f"{place}: {words}; mend the row"


def _encoding(head: bytes, place: str) -> str:
    """What the head tells; UTF-8 where it can't, so that only the rows with bad bytes fail."""
    try:
        return detect(head[: head.rfind(b"\n") + 1] or head, place)
    except InputError:
        return "utf-8"


class _LongLineError(InputError):
    """A line over the limit; the next can be read."""


class _Lines:
    """The lines of a table's text. Raises _LongLineError for one over the limit."""

    def __init__(self, stream: io.BufferedReader, place: str, how: Reading) -> None:
        encoding = how.encoding or _encoding(stream.peek(HEAD), place)
        try:
            self._text = io.TextIOWrapper(
                stream, "utf-8-sig" if encoding == "utf-8" else encoding,
                errors="surrogateescape", newline="",
            )  # fmt: skip
        except LookupError:
            raise InputError(f"{place}: {encoding!r} is no encoding that Python knows") from None
        self._place = place
        self._limit = how.limit
        self.number = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        self.number += 1
        try:
            line = self._text.readline(-1 if self._limit is None else self._limit)
        except UnicodeDecodeError as error:
            here = f"{self._place}: line {self.number}"
            raise InputError(f"{here}: {error}; try another --encoding") from None
        if not line:
            raise StopIteration
        if self._limit is not None and len(line) >= self._limit:
            while line and not line.endswith("\n"):
                line = self._text.readline(PIECE)
            raise _LongLineError(
                f"{self._place}: line {self.number}: larger than {self._limit:,} bytes; "
                "raise --max-document-size to take it"
            )
        return line

"""Files and standard input to documents: plain text, JSON Lines or a web page, told apart by their
start (a page also by the end of its name); tables and archives, by the end of their names.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import IO, Any, BinaryIO

import msgspec

from pnews.document import SCHEMA, Document, iso_day, new_document
from pnews.errors import InputError
from pnews.formats import reader
from pnews.formats.compression import bare, unpacked
from pnews.formats.encodings import BY_LINES, decode, detect
from pnews.formats.html import html_document, is_html
from pnews.formats.items import PIECE, Item, Reading, lines, records, whole

STDIN = "-"

ARCHIVES = (".zip", ".tar")
"""Endings of what isn't opened inside another of them: bounded depth."""


def read(
    names: Iterable[str],
    *,
    encoding: str | None = None,
    id: str | None = None,
    date: str | None = None,
) -> Iterator[Document]:
    """The documents of files, one after the other; `-` is standard input.

    A text file or web page is one document whose id is the file's name. JSON Lines hold a record
    a line, with at least `text`; a record without `id` gets `name:line`. CSV, Parquet and archives
    hold several too, and all may be compressed. `id` names the only document; `date` is the day
    of publication of all. Raises InputError.
    """
    how = Reading(encoding=encoding, date=iso_day(date) if date else None)
    documents = chain.from_iterable(_read_one(name, how) for name in names)
    for number, found in enumerate(documents):
        if id is not None and number:
            raise InputError(f"--id {id}: there is more than one document; leave --id out")
        yield found if id is None else msgspec.structs.replace(found, id=id)


def items(
    stream: IO[bytes], place: str, id: str, how: Reading, *, inside: bool = False
) -> Iterator[Item]:
    """The documents of an open file as they are stored; what can't be read is an item that says
    why. `place` ends in the file's name; `inside` an archive no other is opened.
    """
    try:
        yield from _items(stream, place, id, how, inside)
    except InputError as error:
        yield Item(place, id, error=str(error))
    except OSError as error:
        reason = error.strerror or str(error)
        yield Item(place, id, error=f"{place}: can't be read: {reason}; check the file")


def document(item: Item, how: Reading) -> Document:
    """The document of an item; raises InputError."""
    if item.error:
        raise InputError(item.error)
    if item.kind == "record":
        found = _record(item, how)
    elif item.kind == "html":
        found = html_document(item.raw, item.place, id=item.id, encoding=how.encoding)
    else:
        found = new_document(decode(item.raw, item.place, how.encoding), id=item.id)
    if how.date is None:
        return found
    meta = msgspec.structs.replace(found.meta, date=how.date)
    return msgspec.structs.replace(found, meta=meta)


def _items(packed: IO[bytes], place: str, id: str, how: Reading, inside: bool) -> Iterator[Item]:
    stream, several = unpacked(packed, place), reader(bare(place))
    if inside and bare(place).lower().endswith(ARCHIVES):
        raise InputError(f"{place}: an archive inside an archive isn't opened; unpack it")
    if several is not None:
        yield from several(stream, place, id, how)
        return
    first = stream.readline(-1 if how.limit is None else how.limit + 1)
    yield from _told_by_start(first, stream, place, id, how)


def _told_by_start(
    first: bytes, stream: BinaryIO, place: str, id: str, how: Reading
) -> Iterator[Item]:
    """A text, a web page, a record or JSON Lines, of which the first line has been read."""
    if how.html or is_html(first, bare(place)):
        page = whole(stream, place, id, how, first=first)
        yield page if page.error else msgspec.structs.replace(page, kind="html")
    elif how.encoding is None and _starts_lines(first):
        yield from records(chain([first], lines(stream, how.limit)), place, id, how)
    else:
        yield _one(whole(stream, place, id, how, first=first), how)


def _one(item: Item, how: Reading) -> Item:
    """A text, or the one record that it is."""
    if item.error or how.encoding is not None:
        return item
    if _looks_like_json(item.raw) and is_record(item.raw):
        return Item(f"{item.place}: line 1", f"{item.id}:1", item.raw, "record")
    if bare(item.place).endswith(".json") and item.raw:
        return Item(
            item.place, item.id,
            error=f"{item.place}: line 1 is not JSON; write one object a line",
        )  # fmt: skip
    return item


def read_text(names: Iterable[str], *, encoding: str | None = None) -> Iterator[Iterator[str]]:
    """The text of each document, in pieces; one that is plain text is never held whole.

    The pieces of one must be taken before the next. Raises InputError.
    """
    how = Reading(encoding=encoding)
    for name in names:
        if reader(bare(name)):
            yield from (iter([found.text]) for found in _read_one(name, how))
            continue
        with _opened(name) as opened:
            stream = unpacked(opened, name)
            first = stream.readline()
            if is_html(first, bare(name)) or (encoding is None and _looks_like_json(first)):
                found = _told_by_start(first, stream, name, Path(name).name, how)
                yield from (iter([document(item, how).text]) for item in found)
            else:
                yield _pieces(first, stream, name, encoding)


def _pieces(first: bytes, stream: BinaryIO, name: str, encoding: str | None) -> Iterator[str]:
    raw = first + stream.read(PIECE) + stream.readline()
    chosen = encoding or detect(raw, name)
    if chosen not in BY_LINES:
        raw += stream.read()
    yield decode(raw, name, chosen)
    at = len(raw)
    while raw := stream.read(PIECE) + stream.readline():
        yield decode(raw, f"{name}, {at} bytes on", chosen)
        at += len(raw)


def _read_one(name: str, how: Reading) -> Iterator[Document]:
    with _opened(name) as stream:
        for item in items(stream, name, Path(name).name, how):
            if item.kind != "skipped":
                yield document(item, how)


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    if name == STDIN:
        yield sys.stdin.buffer
        return
    path = Path(name)
    if path.is_dir():
        raise InputError(f"{name}: a folder; annotate it with: pnews batch {name} -o out.jsonl")
    try:
        with path.open("rb") as stream:
            yield stream
    except FileNotFoundError:
        raise InputError(f"{name}: no such file; check the name") from None
    except OSError as error:
        raise InputError(f"{name}: can't be read: {error.strerror}; check the file") from None


def _looks_like_json(first: bytes) -> bool:
    return first.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def _starts_lines(first: bytes) -> bool:
    """Whether a first line is a record, or was meant to be one."""
    line = first.removeprefix(b"\xef\xbb\xbf").strip()
    return line.startswith(b"{") and (
        is_record(line) or (line.startswith(b'{"') and line.endswith(b"}"))
    )


def is_record(raw: bytes) -> bool:
    """Whether the bytes are a JSON object."""
    try:
        return isinstance(msgspec.json.decode(raw.removeprefix(b"\xef\xbb\xbf")), dict)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False


def _record(item: Item, how: Reading) -> Document:
    """One JSON object: a document of ours, or somebody's record with a text."""
    place = item.place
    try:
        fields = msgspec.json.decode(item.raw.removeprefix(b"\xef\xbb\xbf"))
        if not isinstance(fields, dict):
            raise InputError(f'{place} is not an object; write {{"text": "…"}} a line')
        if isinstance(fields.get("schema"), int) and "edits" in fields:
            return _ours(fields)
        return _theirs(fields, item.id, how)
    except InputError as error:
        raise InputError(f"{place}: {error}".replace(f"{place}: {place}", place)) from None
    except msgspec.ValidationError as error:
        raise InputError(f"{place} is not a pnews document: {error}; make it again") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"{place} is not JSON ({error}); write one object a line") from None


def _ours(fields: dict[str, Any]) -> Document:
    if fields["schema"] != SCHEMA:
        raise InputError(
            f"schema {fields['schema']} is not {SCHEMA}, the one this pnews reads; "
            "annotate the text again"
        )
    return msgspec.convert(fields, Document)


def _theirs(fields: dict[str, Any], id: str, how: Reading) -> Document:
    keys = (how.text_key, how.id_key, how.date_key)
    text, name, date = (fields.pop(key, None) for key in keys)
    if not isinstance(text, str) or not text.strip():
        raise InputError(f'no text; each record needs {{"{how.text_key}": "…"}}')
    if date is not None and not isinstance(date, str):
        raise InputError(f"date {date!r} is not an ISO 8601 date; write it as 2022-05-28")
    title = fields.pop(how.title_key, None) if how.title_key else None
    if isinstance(title, str) and title.strip() and not text.startswith(title):
        text = f"{title}\n{text}"
    return new_document(text, id=id if name is None else str(name), date=date or None, extra=fields)

"""Files and standard input to documents: plain text, JSON Lines or a web page, told apart by their
start (a page also by the end of its name).
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from pnews.document import SCHEMA, Document, iso_day, new_document
from pnews.errors import InputError
from pnews.formats.encodings import BY_LINES, decode, detect
from pnews.formats.html import html_document, is_html

STDIN = "-"

PIECE = 1 << 20
"""Bytes of a text that are read at once."""


def read(
    names: Iterable[str],
    *,
    encoding: str | None = None,
    id: str | None = None,
    date: str | None = None,
) -> Iterator[Document]:
    """The documents of files, one after the other; `-` is standard input.

    A text file or web page is one document whose id is the file's name. JSON Lines hold a record
    a line, with at least `text`; a record without `id` gets `name:line`. `id` names the only
    document; `date` is the day of publication of all. Raises InputError.
    """
    day = iso_day(date) if date else None
    documents = chain.from_iterable(_read_one(name, encoding) for name in names)
    for number, document in enumerate(documents):
        if id is not None and number:
            raise InputError(f"--id {id}: there is more than one document; leave --id out")
        yield _with(document, id, day)


def _with(document: Document, id: str | None, day: str | None) -> Document:
    if id is not None:
        document = msgspec.structs.replace(document, id=id)
    if day is not None:
        meta = msgspec.structs.replace(document.meta, date=day)
        document = msgspec.structs.replace(document, meta=meta)
    return document


def read_text(names: Iterable[str], *, encoding: str | None = None) -> Iterator[Iterator[str]]:
    """The text of each document, in pieces; one that is plain text is never held whole.

    The pieces of one must be taken before the next. Raises InputError.
    """
    for name in names:
        with _opened(name) as stream:
            first = stream.readline()
            if is_html(first, name) or (encoding is None and _looks_like_json(first)):
                found = _read_stream(first, stream, name, Path(name).name, encoding)
                yield from (iter([document.text]) for document in found)
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


def _read_one(name: str, encoding: str | None) -> Iterator[Document]:
    with _opened(name) as stream:
        yield from _read_stream(stream.readline(), stream, name, Path(name).name, encoding)


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
    return first.lstrip(b"\xef\xbb\xbf \t").startswith(b"{")


def _read_stream(
    first: bytes,
    stream: BinaryIO,
    name: str,
    id: str,
    encoding: str | None,
) -> Iterator[Document]:
    if is_html(first, name):
        yield html_document(first + stream.read(), name, id=id, encoding=encoding)
        return
    if encoding is None and _looks_like_json(first):
        if is_record(first):
            yield from _records(chain([first], stream), name, id)
            return
        raw = first + stream.read()
        if is_record(raw):
            yield _record(raw, name, 1, id)
            return
        if name.endswith((".json", ".jsonl", ".ndjson")):
            raise InputError(f"{name}: line 1 is not JSON; write one object a line")
    else:
        raw = first + stream.read()
    yield new_document(decode(raw, name, encoding), id=id)


def is_record(raw: bytes) -> bool:
    """Whether the bytes are a JSON object."""
    try:
        return isinstance(msgspec.json.decode(raw.removeprefix(b"\xef\xbb\xbf")), dict)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False


def _records(lines: Iterable[bytes], name: str, id: str) -> Iterator[Document]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _record(line, name, number, id)


def _record(raw: bytes, name: str, number: int, id: str) -> Document:
    """One JSON object: a document of ours, or somebody's record with a text."""
    place = f"{name}: line {number}"
    try:
        fields = msgspec.json.decode(raw.removeprefix(b"\xef\xbb\xbf"))
        if not isinstance(fields, dict):
            raise InputError(f'{place} is not an object; write {{"text": "…"}} a line')
        if isinstance(fields.get("schema"), int) and "edits" in fields:
            return _ours(fields)
        return _theirs(fields, f"{id}:{number}")
    except InputError as error:
        raise InputError(f"{place}: {error}".replace(f"{place}: {place}", place)) from None
    except msgspec.ValidationError as error:
        raise InputError(f"{place} is not a pnews document: {error}; make it again") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{place} is not JSON ({error}); write one object a line") from None


def _ours(fields: dict[str, Any]) -> Document:
    if fields["schema"] != SCHEMA:
        raise InputError(
            f"schema {fields['schema']} is not {SCHEMA}, the one this pnews reads; "
            "annotate the text again"
        )
    return msgspec.convert(fields, Document)


def _theirs(fields: dict[str, Any], id: str) -> Document:
    text, name, date = (fields.pop(key, None) for key in ("text", "id", "date"))
    if not isinstance(text, str) or not text.strip():
        raise InputError('no text; each record needs {"text": "…"}')
    if date is not None and not isinstance(date, str):
        raise InputError(f"date {date!r} is not an ISO 8601 date; write it as 2022-05-28")
    return new_document(text, id=id if name is None else str(name), date=date or None, extra=fields)

"""A web page to read annotated documents on: one file, whole in itself.

The documents stand in it as JSON, one data block each; the page's own script (`data/page.js`) makes
text nodes of them and nothing else. A Content-Security-Policy names that script and the style by
their hashes and allows nothing more, from anywhere.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from hashlib import sha256
from html import escape
from itertools import chain, islice
from typing import Any, BinaryIO

import msgspec

from pnews import data
from pnews.document import Cluster, Document, Edit, Place, value_text
from pnews.errors import InputError
from pnews.formats.bidi import CONTROL
from pnews.version import __version__

UNSAFE = re.compile("[<>&\u2028-\u202e\u2066-\u2069]")
"""What could end a data block, or reorder the source of the page."""

ADDRESSES = {
    "wikidata": (re.compile("Q[1-9][0-9]{0,11}"), "https://www.wikidata.org/wiki/"),
    "geonames": (re.compile("[1-9][0-9]{0,11}"), "https://www.geonames.org/"),
}
"""Which ids are linked: what they look like, and what stands before them in the address."""

FIELDS = 12
FIELD_LENGTH = 200
"""How many of a record's own fields are shown, and how much of each."""

Span = tuple[int, int, int, int]
"""`start, end, norm_start, norm_end`."""


class Where(msgspec.Struct, array_like=True):
    """A span, written small: of both texts, where it starts and how long it is; the second from
    the first.
    """

    start: int
    length: int
    shift: int
    growth: int

    @classmethod
    def of(cls, span: Span) -> Where:
        start, end, norm_start, norm_end = span
        length = end - start
        return cls(start, length, norm_start - start, norm_end - norm_start - length)


class Name(msgspec.Struct, array_like=True):
    """A cluster, or what is named and grouped with nothing; of each id whether it is linked."""

    type: str
    name: str
    en: str = ""
    ids: tuple[tuple[str, str, bool], ...] = ()
    place: str = ""


class Mention(msgspec.Struct, array_like=True):
    """Where a name, by its number, is mentioned; `role` where an office stands for a person."""

    name: int
    where: Where
    value: str = ""
    role: bool = False


class Part(msgspec.Struct, array_like=True):
    """A block."""

    kind: str
    where: Where
    repeats: int | None


class Said(msgspec.Struct, array_like=True):
    """A quotation; its speaker is the number of a name, or -1."""

    kind: str
    where: Where
    speaker: int
    cue: str


class Sheet(msgspec.Struct):
    """What the page is told of a document; structs inside are written as arrays, to be small."""

    id: str
    title: str
    date: str
    extra: tuple[tuple[str, str], ...]
    text: str
    edits: tuple[Edit, ...]
    names: list[Name]
    mentions: list[Mention]
    blocks: list[Part]
    quotations: list[Said]
    sources: list[str]


def write_page(documents: Iterable[Document], stream: BinaryIO) -> None:
    """One page of all documents, UTF-8; each is written as it comes.

    Raises InputError where there is no document, or one whose spans leave its text.
    """
    several = iter(documents)
    head = list(islice(several, 1))
    if not head:
        raise InputError("no document to view; give a file with an article in it")
    before, after = _frame(_title(head[0]) or head[0].id or "pnews")
    stream.write(before)
    for document in chain(head, several):
        stream.write(b'<script type="application/json" class="document">')
        stream.write(in_script(sheet(document)))
        stream.write(b"</script>\n")
    stream.write(after)


def in_script(value: Any) -> bytes:
    """JSON that can stand inside a script element."""
    text = msgspec.json.encode(value).decode()
    return UNSAFE.sub(lambda found: f"\\u{ord(found.group()):04x}", text).encode()


def _frame(title: str) -> tuple[bytes, bytes]:
    """What stands before the documents and after them."""
    style, script = (
        data.path(f"page.{kind}").read_text(encoding="utf-8").strip() for kind in ("css", "js")
    )
    words = {
        "types": {kind: [one, several] for kind, one, several, _ in data.rows("entity_types")},
        "addresses": {authority: start for authority, (_, start) in ADDRESSES.items()},
    }
    fill = {
        "policy": "default-src 'none'; base-uri 'none'; form-action 'none'; "
        f"script-src '{_digest(script)}'; style-src '{_digest(style)}'; "
        "require-trusted-types-for 'script'; trusted-types 'none'",
        "version": __version__,
        "title": escape(CONTROL.sub("\ufffd", title)),
        "style": style,
        "words": in_script(words).decode(),
        "script": script,
    }
    page = data.path("page.html").read_text(encoding="utf-8")
    before, after = page.split("@documents@\n")
    return tuple(  # type: ignore[return-value]
        re.sub("@([a-z]+)@", lambda found: fill[found.group(1)], part).encode()
        for part in (before, after)
    )


def _digest(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def sheet(document: Document) -> Sheet:
    """What the page is told of a document; raises InputError where a span leaves its text."""
    names, name_of = _names(document)
    numbers = {cluster.id: number for number, cluster in enumerate(document.clusters)}
    return Sheet(
        id=document.id,
        title=_title(document),
        date=document.meta.date,
        extra=tuple(
            (name, _field(value)) for name, value in islice(document.extra.items(), FIELDS)
        ),
        text=document.text,
        edits=document.edits,
        names=names,
        mentions=sorted(_mentions(document, name_of), key=lambda mention: mention.where.start),
        blocks=[
            Part(block.kind, _where(document, block), block.repeats)
            for block in sorted(document.blocks, key=lambda block: block.start)
        ],
        quotations=[
            Said(
                quotation.kind,
                _where(document, quotation),
                numbers.get(quotation.speaker or "", -1),
                quotation.cue or "",
            )
            for quotation in sorted(document.quotations, key=lambda quotation: quotation.start)
        ],
        sources=list(dict.fromkeys(_line(document, source) for source in document.sources)),
    )


def _names(document: Document) -> tuple[list[Name], dict[str, int]]:
    """Who and what is named, the clusters first, and the number of the name of each entity."""
    names = [_name(cluster) for cluster in document.clusters]
    number_of = {
        mention: number
        for number, cluster in enumerate(document.clusters)
        for mention in cluster.mentions
    }
    alone: dict[tuple[str, str], int] = {}
    for entity in document.entities:
        if entity.id not in number_of:
            key = (entity.type, entity.normalized)
            if key not in alone:
                alone[key] = len(names)
                names.append(Name(*key))
            number_of[entity.id] = alone[key]
    return names, number_of


def _name(cluster: Cluster) -> Name:
    ids = tuple((*each, is_linked(*each)) for each in cluster.ids.items())
    return Name(cluster.type, cluster.name, cluster.name_en or "", ids, _lies(cluster.place))


def is_linked(authority: str, id: str) -> bool:
    """Whether the page makes an address of an id: only of one that looks as it must."""
    pattern, _ = ADDRESSES.get(authority, (None, ""))
    return bool(pattern and pattern.fullmatch(id))


def _lies(place: Place | None) -> str:
    if place is None:
        return ""
    if place.latitude is None or place.longitude is None:
        return place.country
    return f"{place.country} {place.latitude:.2f}, {place.longitude:.2f}"


def _mentions(document: Document, name_of: dict[str, int]) -> Iterator[Mention]:
    for entity in document.entities:
        span = _checked(document, entity.norm_start, entity.norm_end, entity)
        yield Mention(name_of[entity.id], Where.of(span), value_text(entity))
    for number, cluster in enumerate(document.clusters):
        for role in cluster.roles:
            yield Mention(number, _where(document, role), role=True)


def _where(document: Document, region: Any) -> Where:
    return Where.of(_span(document, region))


def _span(document: Document, region: Any) -> Span:
    """The place of what knows its source offsets, in both texts."""
    if not 0 <= region.start <= region.end <= len(document.text):
        raise _out_of_text(document, region)
    norm_start, norm_end = document.aligned.text_span(region.start, region.end)
    return _checked(document, norm_start, max(norm_start, norm_end), region)


def _checked(document: Document, norm_start: int, norm_end: int, region: Any) -> Span:
    inside = 0 <= region.start <= region.end <= len(
        document.text
    ) and 0 <= norm_start <= norm_end <= len(document.normalized)
    if not inside:
        raise _out_of_text(document, region)
    return region.start, region.end, norm_start, norm_end


def _out_of_text(document: Document, region: Any) -> InputError:
    kind = type(region).__name__.lower()
    return InputError(
        f"{document.id}: {kind} at {region.start}-{region.end} leaves the text; annotate it again"
    )


def _title(document: Document) -> str:
    return "" if document.title is None else _line(document, document.title)


def _line(document: Document, region: Any) -> str:
    """The normalised text of what knows its source offsets, on one line."""
    _, _, start, end = _span(document, region)
    return " ".join(document.normalized[start:end].split())


def _field(value: Any) -> str:
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return text if len(text) <= FIELD_LENGTH else f"{text[:FIELD_LENGTH]}…"

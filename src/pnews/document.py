"""`Document` and what its layers are made of: the JSON contract, schema 1.

Each struct here is written to JSON as it stands. `start` and `end` are half-open offsets in the
text as read, `norm_start` and `norm_end` the same in the normalised text, all in Unicode code
points. A stage adds its layer with `msgspec.structs.replace` and edits no other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import cached_property
from typing import Any, Literal

import msgspec

from pnews.aligned import AlignedText
from pnews.errors import InputError
from pnews.version import __version__

SCHEMA = 1

EntityType = Literal[
    "PER", "ORG", "LOC", "FAC", "EVENT", "PRODUCT", "DATE", "TIME", "MONEY", "PERCENT"
]
BlockKind = Literal["title", "lede", "body", "caption", "boilerplate"]


class _NotRun(tuple[Any, ...]):
    """The layer of a stage that hasn't run: empty to read, absent from the JSON."""

    __slots__ = ()


NOT_RUN = _NotRun()


class Edit(msgspec.Struct, frozen=True, array_like=True):
    """source[start:end] became `text`; in JSON an array of the three."""

    start: int
    end: int
    text: str


class Region(msgspec.Struct, frozen=True):
    """A stretch of the text as read."""

    start: int
    end: int


class Token(msgspec.Struct, frozen=True):
    """A word or a mark; `text` is normalised."""

    text: str
    start: int
    end: int
    norm_start: int
    norm_end: int
    lemma: str


class Sentence(msgspec.Struct, frozen=True):
    """A sentence and its tokens."""

    start: int
    end: int
    norm_start: int
    norm_end: int
    tokens: tuple[Token, ...]


class Money(msgspec.Struct, frozen=True):
    """The value of a MONEY entity: a decimal amount, two for a range (`10/20`), and ISO 4217."""

    amount: str
    currency: str


class Entity(msgspec.Struct, frozen=True):
    """A mention of somebody or something named.

    `text` is the surface as read. `score` is the tagger's probability of the whole span.
    `cluster` is null until `resolve` has run and for types that it doesn't group. `value` is
    ISO 8601 for DATE and TIME, a `Money`, a number for PERCENT (`60/70` for a range), and null
    when unknown. `block` is the kind of the block that the mention is in, null until `article`
    has run.
    """

    id: str
    type: EntityType
    text: str
    normalized: str
    start: int
    end: int
    norm_start: int
    norm_end: int
    score: float
    cluster: str | None = None
    value: str | float | Money | None = None
    block: BlockKind | None = None


def value_text(entity: Entity) -> str:
    """The value of an entity to read, `85.4 USD`; empty when unknown."""
    if isinstance(entity.value, Money):
        return f"{entity.value.amount} {entity.value.currency}"
    return "" if entity.value is None else str(entity.value)


class Place(msgspec.Struct, frozen=True):
    """Where a place of the knowledge base lies: ISO 3166-1 country, degrees if it is a city."""

    country: str
    latitude: float | None = None
    longitude: float | None = None


class Role(msgspec.Struct, frozen=True):
    """An office that stands for a person, where the article itself says whose it is."""

    text: str
    start: int
    end: int


class Cluster(msgspec.Struct, frozen=True):
    """All mentions of one person, place, body … in a document, in order of appearance.

    `name` is the knowledge base's name or else the fullest mention; `ids` maps an authority
    (`wikidata`, `geonames`, `iso3166`) to its identifier. `roles` are mentions of a person by an
    office, which are no entities.
    """

    id: str
    type: EntityType
    name: str
    name_en: str | None
    ids: dict[str, str]
    mentions: tuple[str, ...]
    place: Place | None = None
    roles: tuple[Role, ...] = ()


class Block(msgspec.Struct, frozen=True):
    """A part of the page; `repeats` is the index of the block whose text this one repeats."""

    kind: BlockKind
    start: int
    end: int
    repeats: int | None = None


class Quotation(msgspec.Struct, frozen=True):
    """Words said by somebody; `speaker` is a cluster's id."""

    text: str
    start: int
    end: int
    speaker: str | None
    cue: str | None
    kind: Literal["direct", "indirect"]


class Source(msgspec.Struct, frozen=True):
    """A body that the article names as where its news is from."""

    cluster: str | None
    text: str
    cue: str
    start: int
    end: int


class Meta(msgspec.Struct, frozen=True, omit_defaults=True):
    """What made the document: pnews's version, the tagger's model, the publication date."""

    pnews: str = ""
    model: str = ""
    date: str = ""


class Document(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, dict=True):
    """One article on its way through the stages.

    A layer that hasn't been run reads as empty and is absent from the JSON; `has` tells the
    difference.
    """

    schema: int = msgspec.field(default_factory=lambda: SCHEMA)
    id: str
    text: str
    normalized: str = ""
    edits: tuple[Edit, ...] = NOT_RUN
    meta: Meta = Meta()
    extra: dict[str, Any] = {}
    title: Region | None = None
    blocks: tuple[Block, ...] = NOT_RUN
    sentences: tuple[Sentence, ...] = NOT_RUN
    entities: tuple[Entity, ...] = NOT_RUN
    clusters: tuple[Cluster, ...] = NOT_RUN
    quotations: tuple[Quotation, ...] = NOT_RUN
    sources: tuple[Source, ...] = NOT_RUN

    def has(self, layer: str) -> bool:
        """Whether the stage that makes this layer has run."""
        return getattr(self, layer) is not NOT_RUN

    @cached_property
    def aligned(self) -> AlignedText:
        """The normalised text with its alignment, replayed from the edits."""
        try:
            aligned = AlignedText.from_edits(
                self.text, ((edit.start, edit.end, edit.text) for edit in self.edits)
            )
        except ValueError as error:
            raise InputError(f"{self.id}: {error}; normalise the text again") from None
        if self.has("edits") and aligned.text != self.normalized:
            raise InputError(
                f"{self.id}: edits don't lead from text to normalized; normalise the text again"
            )
        return aligned

    @property
    def tokens(self) -> Iterator[Token]:
        """The tokens of all sentences."""
        return (token for sentence in self.sentences for token in sentence.tokens)


def new_document(
    text: str,
    *,
    id: str = "",
    date: str | None = None,
    extra: dict[str, Any] | None = None,
) -> Document:
    """A document with no layer yet.

    Raises InputError unless `date` is an ISO 8601 day and `text` can be written as UTF-8.
    """
    try:
        text.encode()
    except UnicodeEncodeError as error:
        place = f"{id}: " if id else ""
        raise InputError(
            f"{place}character {error.start} is half a surrogate pair; decode the text again"
        ) from None
    meta = Meta(pnews=__version__, date=iso_day(date) if date else "")
    return Document(id=id, text=text, meta=meta, extra=extra or {})


def iso_day(date: str) -> str:
    """The day of an ISO 8601 date or date and time, `2022-05-28`; raises InputError."""
    try:
        return datetime.fromisoformat(date).date().isoformat()
    except ValueError:
        raise InputError(f"date {date!r} is not an ISO 8601 date; write it as 2022-05-28") from None


Stage = Callable[[Iterable[Document]], Iterator[Document]]
"""Takes documents, gives them back with one more layer."""

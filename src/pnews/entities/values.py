"""When and how much: dates, times, money and percentages with their values.

Two witnesses are heard: the tagger, and a grammar over word classes (`dates`, `times`,
`amounts`). What the grammar is sure of stands as the grammar has it, unless it touches a name of
another type (`جام جهانی ۲۰۱۸`); what only the tagger saw stands as the tagger has it, with the
value of the expression that it mostly is, if any.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from itertools import islice, takewhile
from operator import itemgetter
from typing import NamedTuple

from msgspec.structs import replace

from pnews.document import Document, Entity, EntityType, Money
from pnews.entities.amounts import money, percent
from pnews.entities.dates import Found, apart, dates, today
from pnews.entities.expressions import read
from pnews.entities.times import times

TYPES = frozenset({"DATE", "TIME", "MONEY", "PERCENT"})
YEARS = range(1926, 2076)
"""Which all three calendars know."""
MOST = 0.5
"""Share of a tagged span's letters that an expression must be to give it its value."""


class Expression(NamedTuple):
    """An expression of the grammar in the normalised text."""

    start: int
    end: int
    type: EntityType
    value: str | float | Money | None
    sure: bool


def with_values(document: Document, tagged: Sequence[Entity], *, add: bool) -> list[Entity]:
    """The tagged entities with values; with `add` also those that only the grammar finds.

    Relative dates are told from the document's date of publication; without it they have none.
    """
    published = date.fromisoformat(document.meta.date) if document.meta.date else None
    found = expressions(document.normalized, published)
    if not add:
        return [_valued(entity, found) for entity in tagged]
    names = [entity for entity in tagged if entity.type not in TYPES]
    named = [(entity.norm_start, entity.norm_end) for entity in names]
    tokens = [(token.norm_start, token.norm_end) for token in document.tokens]
    snapped = apart((_snapped(one, tokens) for one in found if one.sure), _ends)
    mine = [one for one in snapped if not _touches(one.start, one.end, named)]
    taken = list(map(_ends, mine))
    kept = [
        _valued(entity, found)
        for entity in tagged
        if entity.type in TYPES and not _touches(entity.norm_start, entity.norm_end, taken)
    ]
    made = [_entity(document, one) for one in mine]
    return sorted([*names, *kept, *made], key=lambda entity: entity.norm_start)


def expressions(text: str, published: date | None) -> list[Expression]:
    """All expressions of a normalised text, the unsure ones too; none overlap.

    Dates of publication outside `YEARS` count as unknown.
    """
    reading = read(text)
    known = published if published and published.year in YEARS else None
    seen_from = today(reading, known)
    days = dates(reading, seen_from)
    clocks = times(reading, days, seen_from)
    candidates: list[tuple[int, int, EntityType, str | float | Money | None, bool]] = [
        *((found.start, found.end, "DATE", _iso(found), found.sure) for found in days),
        *((found.start, found.end, "TIME", found.clock or None, found.sure) for found in clocks),
        *((start, end, "MONEY", value, True) for start, end, value in money(reading)),
        *((start, end, "PERCENT", value, True) for start, end, value in percent(reading)),
    ]
    ordered = sorted(candidates, key=lambda one: (one[0] - one[1], not one[4]))
    return [
        Expression(reading.atoms[start].start, reading.atoms[end - 1].end, type_, value, sure)
        for start, end, type_, value, sure in apart(ordered, lambda one: (one[0], one[1]))
    ]


def _iso(found: Found) -> str | None:
    return found.period.iso() if found.period else None


def _ends(one: Expression) -> tuple[int, int]:
    return one.start, one.end


def _touches(start: int, end: int, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether one of these ascending spans, none inside another, overlaps start to end."""
    at = bisect_right(spans, start, key=itemgetter(1))
    return at < len(spans) and spans[at][0] < end


def _valued(entity: Entity, found: Sequence[Expression]) -> Entity:
    """With the value of the expression that it is, or that is most of it."""
    if entity.type not in TYPES:
        return entity
    best: Expression | None = None
    first = bisect_right(found, entity.norm_start, key=lambda one: one.end)
    for one in takewhile(lambda one: one.start < entity.norm_end, islice(found, first, None)):
        inside = min(one.end, entity.norm_end) - max(one.start, entity.norm_start)
        whole = max(entity.norm_end - entity.norm_start, one.end - one.start)
        if one.type == entity.type and inside > MOST * whole:
            best = one
    return replace(entity, value=best.value) if best else entity


def _snapped(one: Expression, tokens: Sequence[tuple[int, int]]) -> Expression:
    """The expression grown to whole tokens, given by their ascending spans."""
    first = max(0, bisect_right(tokens, one.start, key=itemgetter(0)) - 1)
    last = min(bisect_right(tokens, one.end - 1, key=itemgetter(1)), len(tokens) - 1)
    return one._replace(start=tokens[first][0], end=tokens[last][1]) if tokens else one


def _entity(document: Document, one: Expression) -> Entity:
    start, end = document.aligned.source_span(one.start, one.end)
    return Entity(
        id="",
        type=one.type,
        text=document.text[start:end],
        normalized=document.normalized[one.start : one.end],
        start=start,
        end=end,
        norm_start=one.start,
        norm_end=one.end,
        score=1.0,
        value=one.value,
    )

"""The label schemes, and the way from labels to spans and back.

A label is `O`, `B-TYPE` or `I-TYPE` (IOB2). A span is a type and the half-open range of tokens
that bear it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pnews import data
from pnews.errors import InputError

OUTSIDE = "O"


class Span(NamedTuple):
    """Tokens `[start, end)` are one mention of this type."""

    start: int
    end: int
    type: str


def names() -> tuple[str, ...]:
    """The schemes, the default first."""
    return tuple(row[0] for row in data.rows("schemes"))


def types(scheme: str) -> tuple[str, ...]:
    """The entity types of a scheme; raises InputError for an unknown one."""
    known = {row[0]: row[1] for row in data.rows("schemes")}
    if scheme not in known:
        raise InputError(f"scheme {scheme!r} is unknown; choose from {', '.join(known)}")
    return tuple(known[scheme].split())


def alphabet(types: Iterable[str]) -> tuple[str, ...]:
    """All labels of these types, in the order of a tagger's outputs: `O`, then B and I of each."""
    return (OUTSIDE, *(f"{mark}-{type_}" for type_ in types for mark in "BI"))


def labels(spans: Iterable[Span], length: int) -> list[str]:
    """One label for each of `length` tokens; the spans must not overlap."""
    made = [OUTSIDE] * length
    for span in spans:
        made[span.start : span.end] = [f"I-{span.type}"] * (span.end - span.start)
        made[span.start] = f"B-{span.type}"
    return made


def spans(labels: Sequence[str]) -> list[Span]:
    """The spans of a sentence's labels, ascending.

    A stray `I-TYPE`, at the start or after another type, begins a span, as in conlleval.
    """
    found: list[Span] = []
    start, type_ = 0, ""
    for i, label in enumerate((*labels, OUTSIDE)):
        if label == f"I-{type_}":
            continue
        if type_:
            found.append(Span(start, i, type_))
        start, type_ = i, label[2:]
    return found


def sureness(scores: Sequence[float]) -> float:
    """The score of a span from those of its labels: their geometric mean, 0 to 1."""
    return math.prod(scores) ** (1 / len(scores))


def is_label(text: str) -> bool:
    """Whether this is an IOB2 label."""
    return text == OUTSIDE or (text[:2] in {"B-", "I-"} and len(text) > 2)

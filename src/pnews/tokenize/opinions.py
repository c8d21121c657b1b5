"""How rules decide: each answers JOIN, SPLIT or None, and the first opinion wins."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

JOIN, SPLIT = True, False

Place = TypeVar("Place")


def first_opinion(rules: Iterable[Callable[[Place], bool | None]], place: Place) -> bool:
    """What the first rule with an opinion says of a place; SPLIT where none has any."""
    for rule in rules:
        opinion = rule(place)
        if opinion is not None:
            return opinion
    return SPLIT

"""What a rule says, and what rules share.

A rule yields claims: a name, and the names that can own it. Whoever settles the claims joins the
name with its owners only where these are one group already, so that a surname which two people
share stays apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from pnews.resolve.names import Name, Words

Claim = tuple[Name, Sequence[Name]]

Rule = Callable[[Sequence[Name]], Iterator[Claim]]

MOST_WORDS = 20
"""A longer name is a slip of the tagger's, and would cost square time."""


def of_type(names: Iterable[Name], type: str) -> list[Name]:
    """The names of one type that are of a name's length."""
    return [name for name in names if name.type == type and len(name.words) <= MOST_WORDS]


def longest_first(names: Iterable[Name]) -> list[Name]:
    """Names of more words first, else in their order."""
    return sorted(names, key=lambda name: -len(name.words))


def index(names: Iterable[Name], keys: Callable[[Words], Iterator[str]]) -> dict[str, list[Name]]:
    """Key -> the names that have it among their `keys`."""
    found: defaultdict[str, list[Name]] = defaultdict(list)
    for name in names:
        for key in keys(name.words):
            found[key].append(name)
    return found


def beginnings(words: Words) -> Iterator[str]:
    """The keys of the first words, the whole left out."""
    for i in range(1, len(words)):
        yield "".join(words[:i])


def by_base(names: Iterable[Name]) -> dict[str, list[Name]]:
    """What stands after a generic head -> the names that have it so."""
    found: defaultdict[str, list[Name]] = defaultdict(list)
    for name in names:
        if name.kinds:
            found["".join(name.base)].append(name)
    return found

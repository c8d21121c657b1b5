"""Offices that the article itself gives to a person, and where it names the person by them.

`«جو بایدن» رئیس جمهور ایالات متحده` says whose office it is; a `رئیس جمهور آمریکا` elsewhere is
the same person. An office that two people of the article have is nobody's.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from pnews.document import Cluster, Entity
from pnews.resolve.bodies import read_body
from pnews.resolve.keys import name_key, name_words
from pnews.resolve.names import vocabulary

MOST_WORDS = 9
"""Of an office."""
LONGEST = 120
"""Characters of an office."""
FEWEST_WORDS = 2
"""Words of an office, with its body or country: a bare `وزیر` tells nobody."""

_WORD = re.compile(r"[^\W\d_](?:[^\W_]|[\u200c\u064b-\u0655])*")
_TO_NAME = re.compile(r"[\s«»\"“”،]*")
_BREAK = re.compile(r"[^\s\u200c]")


class Office(NamedTuple):
    """A mention of an office: its span in the normalised text and its folded words."""

    start: int
    end: int
    words: tuple[str, ...]


def role_mentions(
    text: str, entities: Sequence[Entity], clusters: Sequence[Cluster]
) -> dict[str, list[tuple[int, int]]]:
    """Cluster -> the spans of the offices that stand for its person, in their order."""
    home = {mention: cluster.id for cluster in clusters for mention in cluster.mentions}
    people = [e for e in entities if e.type == "PER" and e.id in home]
    starts = [person.norm_start for person in people]
    bodies = [(e.norm_start, e.norm_end) for e in entities if e.type in ("ORG", "LOC")]
    offices = list(_offices(text, starts, bodies))
    owners = _owners(text, offices, people, starts, home)
    found: dict[str, list[tuple[int, int]]] = {}
    for office in offices:
        for size in range(len(office.words), FEWEST_WORDS - 1, -1):
            owner = owners.get(_key(office.words[:size]))
            if owner:
                found.setdefault(owner, []).append((office.start, _end(text, office, size)))
                break
    return found


def _offices(
    text: str, starts: Sequence[int], bodies: Sequence[tuple[int, int]]
) -> Iterator[Office]:
    """Words from a rank to a mark, a word that ends an office, or a person's name.

    The first name of a body or a place among them is the last of them.
    """
    done = 0
    for first in _WORD.finditer(text):
        if first.start() < done or name_key(first.group()) not in vocabulary("rank"):
            continue
        at = bisect_left(starts, first.start())
        stop = starts[at] if at < len(starts) else len(text)
        body = bisect_left(bodies, (first.end(), 0))
        stop = min(stop, bodies[body][1] if body < len(bodies) else stop)
        words, end = [first.group()], first.end()
        for word in _WORD.finditer(text, first.end(), min(stop, first.end() + LONGEST)):
            apart = _BREAK.search(text, end, word.start())
            if apart or len(words) == MOST_WORDS or word.group() in vocabulary("rank_end"):
                break
            words.append(word.group())
            end = word.end()
        done = end
        folded = name_words(" ".join(words))
        if len(folded) >= FEWEST_WORDS:
            yield Office(first.start(), end, folded)


def _owners(
    text: str,
    offices: Sequence[Office],
    people: Sequence[Entity],
    starts: Sequence[int],
    home: Mapping[str, str],
) -> dict[str, str]:
    """Key of an office -> the cluster of the only person who stands beside it."""
    owners: dict[str, set[str]] = {}
    for office in offices:
        after = bisect_left(starts, office.end)
        if after < len(people) and _adjoin(text, office.end, starts[after]):
            owners.setdefault(_key(office.words), set()).add(home[people[after].id])
        elif after and _adjoin(text, people[after - 1].norm_end, office.start):
            owners.setdefault(_key(office.words), set()).add(home[people[after - 1].id])
    return {key: owner.pop() for key, owner in owners.items() if len(owner) == 1}


def _adjoin(text: str, start: int, end: int) -> bool:
    return start <= end and bool(_TO_NAME.fullmatch(text, start, end))


def _key(words: tuple[str, ...]) -> str:
    """The office with its synonyms and its country in one form."""
    return "".join(read_body(words))


def _end(text: str, office: Office, size: int) -> int:
    """Where the first words of the office end."""
    if size == len(office.words):
        return office.end
    words = list(_WORD.finditer(text, office.start, office.end))
    for number in range(1, len(words) + 1):
        if len(name_words(text[office.start : words[number - 1].end()])) >= size:
            return words[number - 1].end()
    return office.end

"""Mentions of one document that name the same person, place or body, put together.

Mentions with one key are one name; the rules say which names are one. What stays doubtful
stays apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from pnews.document import Cluster, Entity
from pnews.resolve.bodies import forget_home, headed_body, home_body, same_body, shortened_body
from pnews.resolve.claims import Claim, Rule
from pnews.resolve.knowledge import Record, look_up
from pnews.resolve.names import Name, find_names
from pnews.resolve.people import (
    first_name,
    longer_surname,
    middle_of_name,
    same_person_less_given,
    surname,
)
from pnews.resolve.places import headed_place, shortened_place
from pnews.resolve.spelling import misspelt, same_less_article, same_letters

RULES: tuple[Rule, ...] = (
    same_less_article,
    same_letters,
    same_person_less_given,
    longer_surname,
    surname,
    middle_of_name,
    first_name,
    headed_place,
    shortened_place,
    same_body,
    headed_body,
    home_body,
    shortened_body,
    misspelt,
)
"""The rules in their order; each yields claims, which `Groups.settle` judges."""


class Groups:
    """Sets of names that are one, with what each set can still mean (union-find)."""

    def __init__(self, names: Sequence[Name]) -> None:
        self.names = names
        self.parent = {name: name for name in names}
        self.meanings = {name: name.meanings for name in names}
        self.contested: set[Name] = set()

    def root(self, name: Name) -> Name:
        """The name that stands for the group."""
        while self.parent[name] is not name:
            self.parent[name] = self.parent[self.parent[name]]
            name = self.parent[name]
        return name

    def settle(self, claims: Iterable[Claim]) -> None:
        """Join each name with its owners where these are one group; else note the doubt."""
        for name, owners in claims:
            roots = {self.root(owner) for owner in owners}
            if len(roots) == 1:
                self.join(roots.pop(), name)
            elif roots:
                self.contested.add(name)

    def join(self, first: Name, second: Name) -> None:
        """Make one group of two, unless they mean different things."""
        first, second = self.root(first), self.root(second)
        one, two = self.meanings[first], self.meanings[second]
        both = tuple(record for record in one if record in two) if one and two else one or two
        if first is second or (one and two and not both):
            return
        self.parent[second] = first
        self.meanings[first] = both

    def members(self) -> dict[Name, list[Name]]:
        """Root -> the names of its group, both in order of first mention."""
        found: defaultdict[Name, list[Name]] = defaultdict(list)
        for name in self.names:
            found[self.root(name)].append(name)
        return found


def cluster(entities: Sequence[Entity]) -> list[Cluster]:
    """The clusters of a document in order of first mention: `c1`, `c2`, …"""
    names = find_names(entities)
    forget_home(names)
    groups = Groups(names)
    groups.settle(same_record(groups))
    for rule in RULES:
        groups.settle(rule(names))
    know_by_surname(groups)
    groups.settle(same_record(groups))
    return [
        _cluster(f"c{number}", group, groups.meanings[root], entities)
        for number, (root, group) in enumerate(groups.members().items(), 1)
    ]


def same_record(groups: Groups) -> Iterator[Claim]:
    """`ایالات متحده` is `آمریکا`: names whose likeliest record is the same."""
    first: dict[Record, Name] = {}
    for name in groups.names:
        records = groups.meanings[groups.root(name)]
        if records:
            yield name, [first.setdefault(records[0], name)]


def know_by_surname(groups: Groups) -> None:
    """`ترامپ` alone is Donald Trump if nobody in the document can own the surname."""
    for root, names in groups.members().items():
        if root.type == "PER" and len(names) == 1 and root not in groups.contested:
            groups.meanings[root] = root.meanings or look_up(root.key, "PER", surname=True)


def _cluster(
    id: str,
    names: Sequence[Name],
    records: Sequence[Record],
    entities: Sequence[Entity],
) -> Cluster:
    record = next((r for r in records if all(r.kind in n.kinds for n in names if n.kinds)), None)
    mentions = sorted(mention for name in names for mention in name.mentions)
    return Cluster(
        id=id,
        type=names[0].type,
        name=record.name if record else fullest(names).text,
        name_en=record.name_en if record else None,
        ids=record.identifiers() if record else {},
        mentions=tuple(entities[mention].id for mention in mentions),
    )


def fullest(names: Sequence[Name]) -> Name:
    """The name with the most letters, the first such."""
    return max(names, key=lambda name: len(name.key))

"""Mentions of one document that name the same person, place or body, put together.

Mentions with one key are one name; the rules say which names are one. What stays doubtful
stays apart.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from pnews.document import Cluster, Entity, Place
from pnews.resolve.bodies import (
    forget_home,
    headed_body,
    home_body,
    inner_words,
    office_of_body,
    same_body,
    shortened_body,
)
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

HOME = ("IR",)
"""The country of the news, always spoken of."""
TOLD_BY_COUNTRY = ("country", "city", "county")
WELL_KNOWN = 500_000
"""People of a city that is known whatever country the document speaks of."""
NEIGHBOURS = 2
"""Names of one country beyond which a region of it is meant, not a country of that name."""

EXPLAINED = ("ORG", "PER")
"""Types of names that a name of the same type in brackets explains; a place's tells where it is."""

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
    inner_words,
    office_of_body,
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


def cluster(entities: Sequence[Entity], text: str = "") -> list[Cluster]:
    """The clusters of a document in order of first mention: `c1`, `c2`, …

    `text` is the normalised text, in which one name may explain another.
    """
    names = find_names(entities)
    forget_home(names)
    groups = Groups(names)
    groups.settle(same_record(groups))
    for rule in RULES:
        groups.settle(rule(names))
    know_by_surname(groups)
    groups.settle(same_record(groups))
    groups.settle(in_brackets(names, entities, text))
    choose_by_country(groups)
    return [
        _cluster(f"c{number}", group, groups.meanings[root], entities)
        for number, (root, group) in enumerate(groups.members().items(), 1)
    ]


def in_brackets(names: Sequence[Name], entities: Sequence[Entity], text: str) -> Iterator[Claim]:
    """`المجلس الشعبی الوطنی (شورای ملی مردمی)`: one name explains the other."""
    home = {mention: name for name in names for mention in name.mentions}
    for at, (one, other) in enumerate(pairwise(entities)):
        between = text[one.norm_end : other.norm_start]
        explained = between.strip() == "(" and text[other.norm_end : other.norm_end + 1] == ")"
        first, second = home.get(at), home.get(at + 1)
        if explained and first and second and first.type == second.type in EXPLAINED:
            yield second, [first]


def same_record(groups: Groups) -> Iterator[Claim]:
    """`ایالات متحده` is `آمریکا`: names whose likeliest record is the same."""
    first: dict[Record, Name] = {}
    for name in groups.names:
        records = groups.meanings[groups.root(name)]
        if records:
            yield name, [first.setdefault(records[0], name)]


def choose_by_country(groups: Groups) -> None:
    """Of several places of one name that of the country which the document speaks of.

    `آذربایجان` beside `تبریز` and `ارومیه` is Iran's, unless something tells the republic. A town
    abroad that few know is meant only where its country is spoken of; a wrong id is worse than
    none.
    """
    votes = {root: _only_country(groups.meanings[root]) for root in groups.members()}
    spoken = Counter(HOME) + Counter(filter(None, votes.values()))
    for root, own in votes.items():
        records = groups.meanings[root]
        if root.type == "LOC" and records and records[0].kind in TOLD_BY_COUNTRY:
            groups.meanings[root] = _of_country(records, spoken - Counter([own]))


def _only_country(records: Sequence[Record]) -> str:
    """The country of all of them, if it is one."""
    countries = {record.country for record in records}
    return countries.pop() if len(countries) == 1 else ""


def _of_country(records: Sequence[Record], spoken: Counter[str]) -> tuple[Record, ...]:
    first = records[0]
    if first.kind == "country":
        near = [r for r in records if r.kind == "region" and spoken[r.country] > NEIGHBOURS]
        silent = not spoken[first.country]
        return (
            (*near, *(r for r in records if r not in near)) if near and silent else tuple(records)
        )
    known = [r for r in records if spoken[r.country] or r.priority >= WELL_KNOWN]
    return tuple(sorted(known, key=lambda r: (not spoken[r.country], -r.priority)))


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
    record = next((r for r in records if all(_may_mean(name, r) for name in names)), None)
    mentions = sorted(mention for name in names for mention in name.mentions)
    return Cluster(
        id=id,
        type=names[0].type,
        name=record.name if record else fullest(names).text,
        name_en=record.name_en if record else None,
        ids=record.identifiers() if record else {},
        mentions=tuple(entities[mention].id for mention in mentions),
        place=_place(record) if record else None,
    )


def _may_mean(name: Name, record: Record) -> bool:
    """Whether the record is of the kind that the name's head tells, or has the name as it stands:
    `باشگاه خبرنگاران جوان` is no club.
    """
    return not name.kinds or record.kind in name.kinds or record in name.meanings


def _place(record: Record) -> Place | None:
    country, *degrees = record.place.split() or [""]
    return Place(country, *map(float, degrees)) if country else None


def fullest(names: Sequence[Name]) -> Name:
    """The name with the most letters, the first such."""
    return max(names, key=lambda name: len(name.key))

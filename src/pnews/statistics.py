"""Who is named most, when, by whom and with whom, counted over annotated documents.

One pass; what is held are the counts, not the documents. Clusters of several documents are one
where they are of one type and share an id, or have no id and names of one key (`resolve.keys`).
Each list is the most frequent first, then in the order of the documents.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import combinations
from typing import Any, Literal

import msgspec

from pnews.document import Cluster, Document
from pnews.entities.calendars import from_day
from pnews.errors import InputError
from pnews.resolve.keys import name_key

Within = Literal["sentence", "document"]
Calendar = Literal["gregorian", "solar"]

TYPES = ("PER", "LOC", "ORG")
"""People, places and bodies: what is counted unless other types are asked for."""
IN_GROUP = 3
"""Names that a month, a source or a value of a field shows at most."""


class Name(msgspec.Struct, frozen=True):
    """Who or what is meant: a cluster, whatever the document."""

    type: str
    name: str
    name_en: str | None
    ids: dict[str, str]


class Named(Name, frozen=True):
    """How often: mentions, and documents with one; mentions by month."""

    mentions: int
    documents: int
    months: dict[str, int]


class Quoted(Name, frozen=True):
    """Quotations of a speaker, and documents with one."""

    direct: int
    indirect: int
    documents: int


class Count(msgspec.Struct, frozen=True):
    """A name and its mentions in the documents of a group."""

    name: str
    mentions: int


class Group(msgspec.Struct, frozen=True):
    """Documents of a month, of a news source or with a value in a field; whom they name most."""

    name: str
    documents: int
    names: list[Count]


class Together(msgspec.Struct, frozen=True):
    """Two that are named in one sentence (or document) so many times."""

    one: Name
    other: Name
    times: int


class Statistics(msgspec.Struct, frozen=True):
    """What was counted. `distinct` are how many of a type there are in all, `unattributed` the
    quotations whose speaker isn't known. `by` is empty unless a field was asked for.
    """

    documents: int
    undated: int
    first: str
    last: str
    distinct: dict[str, int]
    named: dict[str, list[Named]]
    months: list[Group]
    sources: list[Group]
    field: str | None
    by: list[Group]
    quoted: list[Quoted]
    unattributed: int
    within: Within
    together: list[Together]


class _Groups:
    """Documents and mentions by the name of a group."""

    def __init__(self) -> None:
        self.documents: Counter[str] = Counter()
        self.mentions: defaultdict[str, Counter[int]] = defaultdict(Counter)

    def add(self, group: str, mentions: Counter[int]) -> None:
        self.documents[group] += 1
        self.mentions[group].update(mentions)


class Tally:
    """Counts documents as they come; `statistics` says what was counted so far.

    `types` are the entity types counted, `by` the name of a field under `extra`, `within` what
    two names must share to be named together, `calendar` that of the months.
    """

    def __init__(
        self,
        *,
        types: Iterable[str] = TYPES,
        by: str | None = None,
        within: Within = "sentence",
        calendar: Calendar = "gregorian",
    ) -> None:
        self.types, self.by, self.within, self.calendar = tuple(types), by, within, calendar
        self.numbers: dict[tuple[str, ...], int] = {}
        self.names: list[Name] = []
        self.mentions: Counter[int] = Counter()
        self.in_documents: Counter[int] = Counter()
        self.together: Counter[tuple[int, int]] = Counter()
        self.quoted: dict[str, Counter[int]] = {
            kind: Counter() for kind in ("direct", "indirect", "documents")
        }
        self.months, self.sources, self.by_field = _Groups(), _Groups(), _Groups()
        self.source_names: dict[str, str] = {}
        self.fields: set[str] = set()
        self.documents = self.undated = self.unattributed = 0
        self.first = self.last = ""

    def add(self, document: Document) -> None:
        """Count a document; raises InputError where it lacks the layers for it."""
        self._check(document)
        self.documents += 1
        known = {cluster.id: self._number(cluster) for cluster in document.clusters}
        counted = {cluster.id: known[cluster.id] for cluster in self._counted(document)}
        mentions = Counter(
            counted[entity.cluster] for entity in document.entities if entity.cluster in counted
        )
        self.mentions.update(mentions)
        self.in_documents.update(mentions.keys())
        self._add_groups(document, mentions)
        self._add_quotations(document, known)
        for together in self._meetings(document, counted):
            self.together.update(combinations(sorted(together), 2))

    def _check(self, document: Document) -> None:
        if not document.has("clusters"):
            raise InputError(
                f"{document.id}: not annotated; run pnews annotate or pnews batch first"
            )
        if self.within == "sentence" and not document.has("sentences"):
            raise InputError(f"{document.id}: no sentences; count with --within document")

    def _counted(self, document: Document) -> Iterator[Cluster]:
        return (cluster for cluster in document.clusters if cluster.type in self.types)

    def _number(self, cluster: Cluster) -> int:
        """The number of whom a cluster means, the same in each document."""
        ids = sorted(cluster.ids.items())
        key = cluster.type, *(ids[0] if ids else ("", name_key(cluster.name) or cluster.name))
        if key not in self.numbers:
            self.numbers[key] = len(self.names)
            self.names.append(Name(cluster.type, cluster.name, cluster.name_en, cluster.ids))
        return self.numbers[key]

    def _add_groups(self, document: Document, mentions: Counter[int]) -> None:
        day = document.meta.date
        if day:
            self.first = min(self.first or day, day)
            self.last = max(self.last, day)
            self.months.add(self._month(document), mentions)
        else:
            self.undated += 1
        for source in dict.fromkeys(self._sources(document)):
            self.sources.add(source, mentions)
        if self.by is not None:
            self.fields.update(document.extra)
            for value in dict.fromkeys(_values(document.extra.get(self.by))):
                self.by_field.add(value, mentions)

    def _month(self, document: Document) -> str:
        try:
            day = date.fromisoformat(document.meta.date)
        except ValueError:
            raise InputError(
                f"{document.id}: date {document.meta.date!r} is not an ISO 8601 day; "
                "annotate it again"
            ) from None
        year, month = from_day(self.calendar, day)
        return f"{year:04}-{month:02}"

    def _sources(self, document: Document) -> Iterator[str]:
        """The news sources that a document names, each by the first of its spellings."""
        names = {cluster.id: cluster.name for cluster in document.clusters}
        for source in document.sources:
            name = names.get(source.cluster or "", " ".join(source.text.split()))
            yield self.source_names.setdefault(name_key(name), name)

    def _add_quotations(self, document: Document, known: dict[str, int]) -> None:
        speakers = set()
        for quotation in document.quotations:
            if quotation.speaker in known:
                speakers.add(known[quotation.speaker])
                self.quoted[quotation.kind][known[quotation.speaker]] += 1
            else:
                self.unattributed += 1
        self.quoted["documents"].update(speakers)

    def _meetings(self, document: Document, counted: dict[str, int]) -> Iterator[set[int]]:
        """Who is named in each sentence, or in the document."""
        if self.within == "document":
            yield set(counted.values())
            return
        entities = iter(document.entities)
        entity = next(entities, None)
        for sentence in document.sentences:
            named = set()
            while entity is not None and entity.norm_start < sentence.norm_end:
                if entity.cluster in counted:
                    named.add(counted[entity.cluster])
                entity = next(entities, None)
            yield named

    def statistics(self, top: int) -> Statistics:
        """The counts so far, at most `top` of each list (all months); raises InputError where no
        document has the field.
        """
        if self.by is not None and self.documents and not self.by_field.documents:
            known = ", ".join(sorted(self.fields)) or "none"
            raise InputError(f"--by {self.by}: no document has this field; the fields are: {known}")
        months = sorted(self.months.documents)
        return Statistics(
            documents=self.documents,
            undated=self.undated,
            first=self.first,
            last=self.last,
            distinct=dict(Counter(self.names[number].type for number in self.mentions)),
            named={type_: self._named(type_, top) for type_ in self.types},
            months=[self._group(self.months, month) for month in months],
            sources=self._groups(self.sources, top),
            field=self.by,
            by=self._groups(self.by_field, top),
            quoted=self._quoted(top),
            unattributed=self.unattributed,
            within=self.within,
            together=[
                Together(self.names[one], self.names[other], times)
                for (one, other), times in self.together.most_common(top)
            ],
        )

    def _named(self, type_: str, top: int) -> list[Named]:
        mentions = Counter(
            {n: count for n, count in self.mentions.items() if self.names[n].type == type_}
        )
        months = sorted(self.months.mentions.items())
        return [
            Named(
                **msgspec.structs.asdict(self.names[number]),
                mentions=count,
                documents=self.in_documents[number],
                months={month: found[number] for month, found in months if number in found},
            )
            for number, count in mentions.most_common(top)
        ]

    def _quoted(self, top: int) -> list[Quoted]:
        direct, indirect, documents = self.quoted.values()
        return [
            Quoted(
                **msgspec.structs.asdict(self.names[number]),
                direct=direct[number],
                indirect=indirect[number],
                documents=documents[number],
            )
            for number, _ in (direct + indirect).most_common(top)
        ]

    def _groups(self, groups: _Groups, top: int) -> list[Group]:
        return [self._group(groups, name) for name, _ in groups.documents.most_common(top)]

    def _group(self, groups: _Groups, name: str) -> Group:
        most = groups.mentions[name].most_common(IN_GROUP)
        names = [Count(self.names[number].name, count) for number, count in most]
        return Group(name, groups.documents[name], names)


def _values(value: Any) -> Iterator[str]:
    """What a field holds, as text: itself, or each item of a list; nothing where it is empty."""
    for item in value if isinstance(value, list) else [value]:
        text = item if isinstance(item, str) else msgspec.json.encode(item).decode()
        if item is not None and text.strip():
            yield " ".join(text.split())

"""Who speaks: the cluster of the person who is the subject of a verb of saying.

In the order of the text, for each verb: the person named before it in its sentence, who doesn't
stand after a preposition; else, after a pronoun or an office without a name, whoever's office
that is or who spoke last; else a body that begins the sentence. An office before anybody was
named is that of the first who speaks by name.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cache
from itertools import islice
from typing import NamedTuple

from pnews import data
from pnews.article.saying import cue, names, question, source_first
from pnews.document import Document, Entity

_WORD = re.compile(r"[^\W\d_]+(?:\u200c[^\W\d_]+)*")
_MARKS = ' «"“\u200c'
ROLE_WORDS = 10
"""Words beside a name that may tell its bearer's office."""
NEAR_BEGINNING = 60
"""Characters of a sentence in which its subject is named."""
FARTHEST_ISSUER = 50
"""Names back to which whoever issued a statement is looked for."""
FIT = 2
"""Words that an office must share with what stands beside a name."""


class Turn(NamedTuple):
    """What is known of one speaker: the cluster, and whether nobody can be meant."""

    cluster: str | None
    open: bool = False
    aside: bool = False
    """Whether the one before goes on speaking after it."""


class Verb(NamedTuple):
    """A verb of saying: its place, and where its line begins and what is said begins and ends."""

    place: int
    line: int
    said: int
    end: int


class Speakers:
    """Finds the speakers of a document's quotations."""

    def __init__(self, document: Document) -> None:
        self.text = document.normalized
        self.entities = [entity for entity in document.entities if entity.cluster]
        self.people = [entity for entity in self.entities if entity.type == "PER"]
        self.bodies = [entity for entity in self.entities if entity.type in ("ORG", "LOC")]
        self.sentences = [s.norm_start for s in document.sentences]
        self.roles = [(entity.cluster, self._role(entity)) for entity in self.people]

    def of(self, verbs: Sequence[Verb]) -> list[str | None]:
        """The speaker's cluster for each verb."""
        turns: list[Turn] = []
        last: str | None = None
        done = 0
        for verb in verbs:
            turn = self._turn(verb, last, done)
            turns.append(turn)
            done = verb.end
            if not turn.open and not turn.aside:
                last = turn.cluster
        first = next((turn.cluster for turn in turns if turn.cluster), None)
        found: list[str | None] = []
        for turn in turns:
            known = turn.cluster or (found[-1] if found and turn.open else None)
            found.append(known or (first if turn.open else None))
        return found

    def _turn(self, verb: Verb, last: str | None, done: int) -> Turn:
        if question().search(self.text[max(0, verb.said - 40) : verb.said].rstrip(_MARKS)):
            return Turn(None, aside=True)
        start = self._clause(verb.place, verb.line)
        found = _WORD.finditer(self.text, start, verb.place)
        words = [word.group() for word in islice(found, ROLE_WORDS + 1)]
        first = words[0] if words else ""
        if first in names("pronoun"):
            meant = self._subject(done, start) or last
            return Turn(meant, not meant)
        if any(word in names("document") for word in words[:5]):
            return Turn(self._issuer(start, verb.place) or last)
        person = self._person(start, verb.place)
        if person:
            return Turn(person.cluster)
        if first in names("somebody"):
            return Turn(None)
        body = self._body(start, verb.place)
        if body:
            return Turn(body.cluster)
        return self._by_office(words, last)

    def _by_office(self, words: Sequence[str], last: str | None) -> Turn:
        """The turn of somebody named by an office alone, or not named at all."""
        ends = (i for i, word in enumerate(words) if word in names("office_ends"))
        office = words[: min(next(ends, ROLE_WORDS), ROLE_WORDS)]
        if not office or office[0] in names("this"):
            return Turn(last, not last)
        another = len(words) > len(office) and words[len(office)] in names("also")
        meant = self._bearer(office, None if another else last, last if another else None)
        if another:
            return Turn(meant)
        return Turn(meant or last, not (meant or last))

    def _clause(self, at: int, line: int) -> int:
        """Where the sentence of this verb begins, less the source of the news."""
        index = bisect_right(self.sentences, at) - 1
        start = max(line, self.sentences[index] if index >= 0 else line)
        source = source_first().match(self.text, start, at)
        while source:
            start = source.end()
            source = source_first().match(self.text, start, at)
        return start

    def _person(self, start: int, end: int) -> Entity | None:
        """The first person named who can be the subject of the sentence: no clause begins before
        the name, and the word before it is no preposition.
        """
        for person in _within(self.people, start, end):
            before = _WORD.findall(self.text[start : person.norm_start])
            if any(word in names("clause") for word in before):
                return None  # nor can one who is named later
            while before and before[-1] in _titles():
                before.pop()
            if not before or before[-1] not in names("preposition"):
                return person
        return None

    def _subject(self, start: int, end: int) -> str | None:
        """The person whom the last sentence that has such a subject is about."""
        first, last = (bisect_left(self.sentences, at) for at in (start, end))
        inside = self.sentences[first:last]
        for at, after in zip(reversed(inside), [end, *reversed(inside)], strict=False):
            person = self._person(at, min(after, at + NEAR_BEGINNING))
            if person:
                return person.cluster
        if start:
            return None
        before = bisect_left(self.people, end, key=_place)
        return self.people[before - 1].cluster if before else None

    def _issuer(self, start: int, end: int) -> str | None:
        """Whose statement or letter it is: در اطلاعیه وزارت نیرو آمده است"""
        for entity in _within(self.entities, start, end):
            if entity.type in ("PER", "ORG"):
                return entity.cluster
        before = bisect_left(self.entities, start, key=_place)
        for entity in self.entities[max(0, before - FARTHEST_ISSUER) : before][::-1]:
            if entity.type in ("PER", "ORG") and self._begins_sentence(entity):
                return entity.cluster
        return None

    def _begins_sentence(self, entity: Entity) -> bool:
        line = self.text.rfind("\n", 0, entity.norm_start) + 1
        start = self._clause(entity.norm_start, line)
        return len(_WORD.findall(self.text[start : entity.norm_start])) <= 1

    def _body(self, start: int, at: int) -> Entity | None:
        """A body whose name begins the sentence."""
        for entity in _within(self.bodies, start, at)[:1]:
            first = not _WORD.search(self.text, start, entity.norm_start)
            mark = self.text[entity.norm_end : entity.norm_end + 2].strip()[:1]
            return entity if first and mark not in ("-", "–", "،", ":") else None
        return None

    def _bearer(
        self, office: Sequence[str], likely: str | None, excluded: str | None
    ) -> str | None:
        """Whose office these words tell: رئیس سازمان توسعه تجارت

        `likely` wins a draw; the office's first word, the rank, must be among those shared.
        """
        told = {word for word in office if len(word) > 1}
        best, most = None, FIT - 1
        for cluster, role in self.roles:
            shared = len(told & role) if office[0] in role else 0
            if cluster != excluded and (
                shared > most or (shared == most > 1 and cluster == likely)
            ):
                best, most = cluster, shared
        return best

    def _role(self, person: Entity) -> frozenset[str]:
        """The words beside a person's name, up to a verb of saying."""
        after = self.text[person.norm_end : person.norm_end + 12 * ROLE_WORDS]
        before = self.text[max(0, person.norm_start - 12 * ROLE_WORDS) : person.norm_start]
        match = cue().search(after)
        after = (after[: match.start()] if match else after).partition("\n")[0]
        following = _WORD.findall(after)[:ROLE_WORDS]
        ends = (i for i, word in enumerate(following) if word in names("office_ends"))
        preceding = _WORD.findall(before.rpartition("\n")[2])[-ROLE_WORDS:]
        return frozenset([*following[: next(ends, ROLE_WORDS)], *preceding])


def _place(entity: Entity) -> int:
    return entity.norm_start


def _within(entities: Sequence[Entity], start: int, end: int) -> Sequence[Entity]:
    """Those of ascending entities that begin from start to before end."""
    return entities[
        bisect_left(entities, start, key=_place) : bisect_left(entities, end, key=_place)
    ]


@cache
def _titles() -> frozenset[str]:
    return frozenset(
        word for role, words, *_ in data.rows("name_words") if role == "title"
        for word in words.split()
    )  # fmt: skip

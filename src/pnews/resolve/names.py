"""The distinct names of a document, with what each can mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from pnews import data
from pnews.document import Entity, EntityType
from pnews.resolve.keys import name_key, name_words, without_enclitic
from pnews.resolve.knowledge import Record, look_up

UNGROUPED = frozenset({"DATE", "TIME", "MONEY", "PERCENT"})

Words = tuple[str, ...]

Key = tuple[EntityType, str]


class Name:
    """All mentions of a document with one type and key.

    `words` are folded (`name_words`), less a person's titles. `kinds` are the kinds of record
    that the name's generic head allows (`استان`: province), empty when any will do; `base` is
    what stands after that head. `meanings` are the records that the name can mean, likeliest
    first.
    """

    __slots__ = ("base", "key", "kinds", "meanings", "mentions", "text", "type", "words")

    def __init__(self, type: EntityType, words: Words) -> None:
        self.type = type
        self.words = words
        self.key = "".join(words)
        self.text = ""
        self.mentions: list[int] = []
        self.kinds, self.base = split_head(type, words)
        self.meanings = meanings(self)

    def __repr__(self) -> str:
        return f"Name({self.type}, {' '.join(self.words)})"

    def add(self, mention: int, text: str) -> None:
        """Note a mention, the index of its entity; the first of the longest texts is kept.

        One without an enclitic (`آمریکاست`) comes before any with.
        """
        self.mentions.append(mention)
        self.text = max(self.text, text, key=self._fitness)

    def _fitness(self, text: str) -> tuple[bool, int]:
        return name_key(text).endswith(self.key), len(text)


def find_names(entities: Sequence[Entity]) -> list[Name]:
    """The names of these entities in order of first mention."""
    written = Counter((entity.type, entity.normalized) for entity in entities)
    spelled = {key: (key[0], _words(*key)) for key in written if key[0] not in UNGROUPED}
    keys = {_key(*of) for of in spelled.values()}
    spelled = {key: (of[0], _bare_of_enclitic(*of, keys)) for key, of in spelled.items()}
    spelled = _countries_as_places(spelled, written)
    names: dict[Key, Name] = {}
    for of in sorted(spelled.values(), key=lambda of: -len(of[1])):
        names.setdefault(_key(*of), Name(*of))
    for index, entity in enumerate(entities):
        found = spelled.get((entity.type, entity.normalized))
        if found:
            names[_key(*found)].add(index, entity.normalized)
    return sorted(names.values(), key=lambda name: name.mentions[0])


def _key(type: EntityType, words: Words) -> Key:
    return type, "".join(words)


def _words(type: EntityType, text: str) -> Words:
    words = name_words(text) or (text,)
    return without_titles(words) if type == "PER" else words


def _countries_as_places(
    spelled: Mapping[Key, tuple[EntityType, Words]], written: Mapping[Key, int]
) -> dict[Key, tuple[EntityType, Words]]:
    """A country's name tagged LOC and, no more often, something else is one name, a LOC."""
    counts: Counter[Key] = Counter()
    for text, of in spelled.items():
        counts[_key(*of)] += written[text]
    settled = {}
    for text, (type_, words) in spelled.items():
        key = "".join(words)
        noise = 0 < counts[type_, key] <= counts["LOC", key] and is_country(key)
        settled[text] = ("LOC" if noise else type_, words)
    return settled


def is_country(key: str) -> bool:
    """Whether the likeliest place of this key is a country."""
    records = look_up(key, "LOC")
    return bool(records) and records[0].kind == "country"


def without_titles(words: Words) -> Words:
    """A person's name less what stands before it: `سید حسن نصرالله`, `سیدحسن نصرالله`."""
    for size in range(min(3, len(words) - 1), 0, -1):
        rest = words[size:]
        if "".join(words[:size]) in vocabulary("title") and not _is_epithet(rest):
            return without_titles(rest)
    for title in vocabulary("attached") if len(words) > 1 else ():
        if words[0].startswith(title) and len(words[0]) > len(title) + 2:
            return (words[0].removeprefix(title), *words[1:])
    return words


def _is_epithet(rest: Words) -> bool:
    """`سید الشهدا` is a name itself."""
    return len(rest) == 1 and rest[0].startswith("ال")


def _bare_of_enclitic(
    type: EntityType,
    words: Words,
    keys: set[Key],
) -> Words:
    """Less an enclitic if the rest is a name of the document or the knowledge base: `آمریکاست`."""
    if look_up("".join(words), type):
        return words
    for last in without_enclitic(words[-1]):
        bare = (*words[:-1], last)
        if (type, "".join(bare)) in keys or look_up("".join(bare), type):
            return bare
    return words


def split_head(type: EntityType, words: Words) -> tuple[frozenset[str], Words]:
    """The kinds that a generic head allows, and the words after it: `شهر باکو` -> city, `باکو`."""
    heads = vocabulary({"LOC": "place", "ORG": "body"}.get(type, ""))
    for size in range(min(3, len(words) - 1), 0, -1):
        kinds = heads.get("".join(words[:size]))
        if kinds:
            return frozenset(kinds.split(",")), words[size:]
    return frozenset(), words


def meanings(name: Name) -> tuple[Record, ...]:
    """What the name can mean: as it stands, or else less its head if the kind agrees.

    A body's name may end in the country of the news: `سازمان بسیج کشور` is `بسیج`.
    """
    whole = (name.words, _without_home(name.type, name.words))
    less_head = (name.base, _without_home(name.type, name.base)) if name.kinds else ()
    for words in (*whole, *less_head):
        records = look_up("".join(words), name.type)
        if words in less_head:
            records = tuple(record for record in records if record.kind in name.kinds)
        if records:
            return records
    return ()


def _without_home(type: EntityType, words: Words) -> Words:
    if type == "ORG" and len(words) > 1 and words[-1] in vocabulary("home"):
        return words[:-1]
    return words


@cache
def vocabulary(role: str) -> dict[str, str]:
    """The words with this role in `data/name_words.tsv`, as keys, and what each tells."""
    return {name_key(words): rest for words, rest in _rows(role)}


@cache
def phrases(role: str) -> tuple[tuple[str, str], ...]:
    """The same, both columns as folded words with a space between and around them."""
    return tuple((_spaced(words), _spaced(rest)) for words, rest in _rows(role))


def _spaced(text: str) -> str:
    return " ".join(("", *name_words(text), ""))


def _rows(role: str) -> Iterator[tuple[str, str]]:
    for row in data.rows("name_words"):
        if row[0] == role:
            yield row[1], row[2] if len(row) > 2 else ""

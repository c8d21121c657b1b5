"""The knowledge base: who or what in the world a written name can mean.

`data/kb.tsv` has one line for each key of each record (`pnews.resolve.keys.name_key`), sorted
by key in code points, so that it is searched where it lies, not loaded. Columns: key, type,
kind, priority, name in Persian, name in English, ids, place. The kind of a line ends in `?` where
its key is a surname that alone means this person in the news. A user's own table (`read_own`)
comes before it or takes its place.
"""

from __future__ import annotations

import mmap
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

import msgspec

from pnews import data
from pnews.document import EntityType
from pnews.errors import InputError, ModelError
from pnews.resolve.keys import name_key

COLUMNS = 8
OWN_TYPES = ("PER", "ORG", "LOC", "FAC", "EVENT", "PRODUCT")
OWN_PRIORITY = 10**12
"""Of a user's record: it comes before any of ours."""


class Record(msgspec.Struct, frozen=True):
    """One person, place or body. `ids` reads `wikidata=Q30;iso3166=US`.

    `place` is a country's ISO code, for cities with latitude and longitude: `IR 35.69 51.42`.
    """

    type: str
    kind: str
    priority: int
    name: str
    name_en: str
    ids: str
    place: str = ""

    def identifiers(self) -> dict[str, str]:
        """Authority -> identifier."""
        return dict(pair.split("=", 1) for pair in self.ids.split(";") if pair)

    @property
    def country(self) -> str:
        """The ISO 3166-1 code of the country that it is or lies in, or nothing."""
        return self.place.partition(" ")[0]


Own = Mapping[tuple[str, str], Sequence[Record]]
"""Key and type -> the user's records."""


class KnowledgeBase:
    """The shipped table, a user's own records, or both."""

    def __init__(self, own: Own | None = None, *, shipped: bool = True) -> None:
        self._own = own or {}
        self._shipped = shipped
        self._found: dict[tuple[str, str, bool], tuple[Record, ...]] = {}

    def look_up(self, key: str, type: EntityType, *, surname: bool = False) -> tuple[Record, ...]:
        """The records of this type with this key, likeliest first; `surname` asks for surnames."""
        asked = key, type, surname
        if asked not in self._found:
            if len(self._found) > 1 << 15:
                self._found.clear()
            self._found[asked] = tuple(self._search(*asked))
        return self._found[asked]

    def _search(self, key: str, type: str, surname: bool) -> Iterator[Record]:
        if not surname:
            yield from self._own.get((key, type), ())
        if self._shipped:
            found = [
                Record(of_type, kind.rstrip("?"), int(priority), *rest)
                for _, of_type, kind, priority, *rest in _lines(key)
                if of_type == type and kind.endswith("?") == surname
            ]
            yield from sorted(found, key=lambda record: -record.priority)


_USED: ContextVar[KnowledgeBase] = ContextVar("knowledge base", default=KnowledgeBase())  # noqa: B039 (a cache)


@contextmanager
def using(base: KnowledgeBase) -> Iterator[None]:
    """Within it `look_up` asks this knowledge base."""
    token = _USED.set(base)
    try:
        yield
    finally:
        _USED.reset(token)


def look_up(key: str, type: EntityType, *, surname: bool = False) -> tuple[Record, ...]:
    """The records of this type with this key, likeliest first; `surname` asks for surnames."""
    return _USED.get().look_up(key, type, surname=surname)


def read_own(path: str) -> Own:
    """A user's table: type, name, English name, ids, aliases; tab-separated, `#` begins a comment.

    Ids read `wikidata=Q42;mine=7`, aliases are parted by `|`; the last two columns may be left
    out. Raises InputError naming the line.
    """
    found: defaultdict[tuple[str, str], list[Record]] = defaultdict(list)
    try:
        lines = Path(path).read_bytes().decode("utf-8-sig").splitlines()
    except OSError as error:
        raise InputError(f"{path}: can't be read: {error.strerror}; check the name") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: byte {error.start} is not UTF-8; convert the file") from None
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.startswith("#"):
            record, names = _own(line.split("\t"), f"{path}:{number}")
            for key in dict.fromkeys(filter(None, map(name_key, names))):
                found[key, record.type].append(record)
    return found


def _own(row: list[str], place: str) -> tuple[Record, list[str]]:
    if not 3 <= len(row) <= 5:
        raise InputError(
            f"{place}: {len(row)} columns; write type, name, English name, ids and aliases with"
            " tabs between them"
        )
    type_, name, name_en, ids, aliases = (*(cell.strip() for cell in row), "", "")[:5]
    if type_ not in OWN_TYPES:
        raise InputError(f"{place}: type {type_!r} is unknown; choose from {', '.join(OWN_TYPES)}")
    if not name_key(name):
        raise InputError(f"{place}: the name is empty; write it in the second column")
    if any("=" not in one for one in ids.split(";") if one):
        raise InputError(f"{place}: ids {ids!r} can't be read; write wikidata=Q42;mine=7")
    record = Record(type_, "own", OWN_PRIORITY, name, name_en or name, ids)
    return record, [name, *aliases.split("|")]


def _lines(key: str) -> list[list[str]]:
    """The lines of the table that start with this key, cut into columns; binary search."""
    table, wanted = _table(), key.encode() + b"\t"
    low, high = 0, len(table)
    while low < high:
        start = table.rfind(b"\n", 0, (low + high) // 2) + 1
        end = _line_end(table, start)
        if table[start:end] < wanted:
            low = end + 1
        else:
            high = start
    found = []
    while table[low : low + len(wanted)] == wanted:
        end = _line_end(table, low)
        found.append(_columns(table[low:end]))
        low = end + 1
    return found


def _line_end(table: bytes | mmap.mmap, at: int) -> int:
    end = table.find(b"\n", at)
    return len(table) if end < 0 else end


def _columns(line: bytes) -> list[str]:
    columns = line.decode().rstrip("\r").split("\t")
    if len(columns) != COLUMNS:
        place = f"{data.FOLDER / 'kb.tsv'}: key {columns[0]!r}"
        raise ModelError(f"{place}: {len(columns)} columns, not {COLUMNS}; make it with make kb")
    return columns


@cache
def _table() -> bytes | mmap.mmap:
    with data.path("kb.tsv").open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

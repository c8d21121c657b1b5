"""The knowledge base: who or what in the world a written name can mean.

`data/kb.tsv` has one line for each key of each record (`pnews.resolve.keys.name_key`), sorted
by key in code points, so that it is searched where it lies, not loaded. Columns: key, type,
kind, priority, name in Persian, name in English, ids. The kind of a line ends in `?` where its
key is a surname that alone means this person in the news.
"""

from __future__ import annotations

from functools import cache, lru_cache

import msgspec

from pnews import data
from pnews.document import EntityType
from pnews.errors import ModelError


class Record(msgspec.Struct, frozen=True):
    """One person, place or body. `ids` reads `wikidata=Q30;iso3166=US`."""

    type: str
    kind: str
    priority: int
    name: str
    name_en: str
    ids: str

    def identifiers(self) -> dict[str, str]:
        """Authority -> identifier."""
        return dict(pair.split("=", 1) for pair in self.ids.split(";") if pair)


@lru_cache(maxsize=1 << 15)
def look_up(key: str, type: EntityType, *, surname: bool = False) -> tuple[Record, ...]:
    """The records of this type with this key, likeliest first; `surname` asks for surnames."""
    found = [
        Record(of_type, kind.rstrip("?"), int(priority), *rest)
        for _, of_type, kind, priority, *rest in _lines(key)
        if of_type == type and kind.endswith("?") == surname
    ]
    return tuple(sorted(found, key=lambda record: -record.priority))


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
    while table.startswith(wanted, low):
        end = _line_end(table, low)
        found.append(_columns(table[low:end]))
        low = end + 1
    return found


def _line_end(table: bytes, at: int) -> int:
    end = table.find(b"\n", at)
    return len(table) if end < 0 else end


def _columns(line: bytes) -> list[str]:
    columns = line.decode().rstrip("\r").split("\t")
    if len(columns) != 7:
        place = f"{data.FOLDER / 'kb.tsv'}: key {columns[0]!r}"
        raise ModelError(f"{place}: {len(columns)} columns, not 7; make it again with make kb")
    return columns


@cache
def _table() -> bytes:
    return data.path("kb.tsv").read_bytes()

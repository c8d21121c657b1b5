"""Damage for training: what the web does to text, marks carried along."""

from __future__ import annotations

import random
import sys

import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(ROOT / "training"))

import damage

from pnews.evaluate import Article

TEXT = "«الهام علی\u200cاف» در سال ۱۳۹۸، یکشنبه، به باکو رفت."
NAMES = (
    ("الهام علی\u200cاف", "PER"),
    ("سال ۱۳۹۸", "DATE"),
    ("یکشنبه", "DATE"),
    ("باکو", "LOC"),
)
MARKS = [(TEXT.index(name), TEXT.index(name) + len(name), type_) for name, type_ in NAMES]


def surfaces(*names: str) -> list[str]:
    article = Article("a", TEXT, None, MARKS)
    made = damage.damaged(article, names, random.Random(1))
    return [made.text[start:end] for start, end, _ in made.marks]


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("half-spaces removed", ["الهام علیاف", "سال ۱۳۹۸", "یکشنبه", "باکو"]),
        ("half-spaces opened", ["الهام علی اف", "سال ۱۳۹۸", "یکشنبه", "باکو"]),
        ("Arabic letters", ["الهام علي\u200cاف", "سال ۱۳۹۸", "يكشنبه", "باكو"]),
        ("ASCII digits", ["الهام علی\u200cاف", "سال 1398", "یکشنبه", "باکو"]),
        ("digits all 0", ["الهام علی\u200cاف", "سال 0000", "یکشنبه", "باکو"]),
        ("no final stop", ["الهام علی\u200cاف", "سال ۱۳۹۸", "یکشنبه", "باکو"]),
        ("headline", ["الهام علی\u200cاف", "سال ۱۳۹۸", "یکشنبه", "باکو"]),
        ("quotation marks doubled", ["الهام علی\u200cاف", "سال ۱۳۹۸", "یکشنبه", "باکو"]),
    ],
)
def test_marks_stay_on_their_words(name: str, wanted: list[str]) -> None:
    assert surfaces(name) == wanted


def test_two_damages_add_up() -> None:
    assert surfaces("half-spaces opened", "Arabic letters")[0] == "الهام علي اف"


def test_a_headline_has_no_stop_no_quotation_marks_and_slashes() -> None:
    made = damage.damaged(Article("a", TEXT, None, []), ["headline"], random.Random(1))

    assert made.text == "الهام علی\u200cاف در سال ۱۳۹۸/ یکشنبه/ به باکو رفت"


def test_a_mark_of_which_nothing_is_left_is_dropped() -> None:
    article = Article("a", "رفت.", None, [(0, 3, "PER"), (3, 4, "ORG")])

    assert damage.damaged(article, ["no final stop"], random.Random(1)).marks == [(0, 3, "PER")]


@given(st.text(alphabet="آ ک\u200cی۱1.«»،"), st.sampled_from(sorted(damage.DAMAGES)), st.data())
def test_marks_stay_in_order_and_inside(text: str, name: str, given: st.DataObject) -> None:
    ends = sorted(given.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    marks = [(*pair, "PER") for pair in zip(ends[::2], ends[1::2], strict=False)]

    made = damage.damaged(Article("a", text, None, marks), [name], random.Random(1))

    places = [place for start, end, _ in made.marks for place in (start, end)]
    assert places == sorted(places)
    assert all(0 <= place <= len(made.text) for place in places)

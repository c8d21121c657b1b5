from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pnews.tokenize.lemmas import lemma


@pytest.mark.parametrize(
    ("word", "wanted"),
    [
        # verbs: the past stem
        ("می\u200cکند", "کرد"),
        ("نمی\u200cخواهند", "خواست"),
        ("دارد", "داشت"),
        ("نیست", "هست"),
        ("است", "است"),
        ("باید", "بایست"),
        ("خواهد", "خواست"),
        ("کرده\u200cاند", "کرد"),
        ("شده", "شد"),
        ("نیامد", "آمد"),
        ("بیاید", "آمد"),
        ("بینداز", "بینداز"),
        ("بیندازد", "انداخت"),
        ("نیفتاد", "افتاد"),
        ("بگوید", "گفت"),
        ("برمی\u200cگردد", "گشت"),
        ("می\u200cکشند", "کشید"),
        ("می\u200cشوید", "شد"),
        ("کند", "کرد"),
        # nouns and adjectives that look like verbs
        ("مردم", "مردم"),
        ("روند", "روند"),
        ("شدید", "شدید"),
        ("برند", "برند"),
        ("مانند", "مانند"),
        ("چشم", "چشم"),
        ("رشته", "رشته"),
        ("هسته", "هسته"),
        ("بازی", "بازی"),
        ("میدان", "میدان"),
        ("برهم", "برهم"),
        # plurals
        ("کتاب\u200cهایشان", "کتاب"),
        ("سال\u200cها", "سال"),
        ("رسانه\u200cهای", "رسانه"),
        ("کشورهای", "کشور"),
        ("گلهای", "گل"),
        ("نمایندگان", "نماینده"),
        ("کودکان", "کودک"),
        ("دانشجویان", "دانشجو"),
        ("دانش\u200cآموزان", "دانش\u200cآموز"),
        ("حملات", "حمله"),
        ("مقامات", "مقام"),
        ("حرکات", "حرکت"),
        ("مسئولین", "مسئول"),
        ("منابع", "منبع"),
        ("اعضای", "عضو"),
        # no plurals
        ("تنها", "تنها"),
        ("تهران", "تهران"),
        ("سازمان", "سازمان"),
        ("میلیون", "میلیون"),
        ("زمین", "زمین"),
        ("انتخابات", "انتخابات"),
        ("اشتباهات", "اشتباه"),
        # degrees
        ("بزرگ\u200cترین", "بزرگ"),
        ("بزرگتر", "بزرگ"),
        ("پایین\u200cتر", "پایین"),
        ("دختر", "دختر"),
        ("دفتر", "دفتر"),
        # endings
        ("همهٔ", "همه"),
        ("خانۀ", "خانه"),
        ("غرقِ", "غرق"),
        ("کاملاً", "کاملاً"),
        ("شورای", "شورا"),
        ("برای", "برای"),
        ("خانه\u200cای", "خانه"),
        ("هسته\u200cای", "هسته\u200cای"),
        ("خانواده\u200cاش", "خانواده"),
        ("کسی", "کس"),
        ("افرادی", "فرد"),
        ("سیاسی", "سیاسی"),
        ("ایرانی", "ایرانی"),
        ("آزادی", "آزادی"),
        # unknown
        ("پاشینیان", "پاشینیان"),
        ("علی\u200cاف", "علی\u200cاف"),
        ("Biden", "Biden"),
        ("۱۲.۵", "۱۲.۵"),
        ("؟!", "؟!"),
        ("", ""),
    ],
)
def test_lemma(word: str, wanted: str) -> None:
    assert lemma(word) == wanted


@pytest.mark.parametrize(
    "word", ["می\u200cگویند", "می گویند", "میگویند", "میگوینـد", "می\u200cگُویند"]
)
def test_a_verb_is_found_however_it_is_spelled(word: str) -> None:
    assert lemma(word) == "گفت"


def test_a_half_space_tells_two_nouns_apart() -> None:
    assert (lemma("نامه\u200cای"), lemma("نام\u200cهای"), lemma("نامه\u200cهای")) == (
        "نامه",
        "نام",
        "نامه",
    )


def test_a_participle_and_a_plural_are_told_apart() -> None:
    assert (lemma("پیشرفت\u200cهای"), lemma("برداشت\u200cهای")) == ("پیشرفت", "برداشت")


@given(st.text())
def test_a_lemma_is_never_empty(word: str) -> None:
    assert bool(lemma(word)) == bool(word)


def test_importing_loads_no_table_and_no_hazm() -> None:
    code = "import sys, pnews.tokenize; print(*{'marisa_trie', 'hazm', 'numpy'} & {*sys.modules})"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""

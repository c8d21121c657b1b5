"""A case is its own answer: `|` stands between the tokens, spaces stand as they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pnews.tokenize.words import words

ALPHABET = (
    "ابتدسهویم \u200c\u064b\u0654\u200d\ufe0f\u20e3aZé09۰۹½²\n\t"
    "٫٬.,،؛:؟!?…-–/\\_@#%٪'\"«»()[]*+&👨👩❤🏽🇮🇷"
)
TEXTS = st.text(alphabet=st.sampled_from(ALPHABET)) | st.text()


def pieces(text: str) -> list[str]:
    return [text[start:end] for start, end in words(text)]


@pytest.mark.parametrize(
    "case",
    [
        "دولت| لایحه| را| پس| گرفت|.",
        "می\u200cکند| و| کتاب\u200cهای| همهٔ| آن\u200cها|،| گفت\u200cوگو|؛| کاملاً",
        "گفت|:| «|می\u200cآیم|»| (|ص|)| [|۳|]",
        # numbers
        "۱۲.۵| و| ۱۲٫۵| و| ۱٬۲۳۴٫۵| و| 1,234| درصد",
        "۱۳۹۹/۸/۱۹| و| ۲۰۱۹/۰۵/۰۶| و| ۲۰۲۲-۰۵-۲۸",
        "نتیجه| ۲-۱| شد",
        "ساعت| ۱۸:۳۰| گروه| ۵+۱| دوی| ۴×۱۰۰",
        "۴| /| ۷| میلیارد",
        "۵۰|%| و| ۵۰|٪| و| $|100",
        "سال| ۱۳۹۸|.",
        "۱۰|هزار| نفر",
        "۲۱م| و| ۵مین| و| ۵امین",
        "سال| ۲۰۱۹|م",
        "دهه| ۹۰ها| ۱۲\u200cساله",
        # addresses
        "https://www.irna.ir/news/83?x=1&y=2|.",
        "https://fa.wikipedia.org/wiki/تهران| را",
        "info@irna.ir|،| irna.ir| و| www.irna.ir/fa|)",
        "@irna_1| و| #برجام| و| #جام_جهانی|.",
        "خبر| @irna.ir| و| سایت|irna.ir/",
        # abbreviations
        "۱۳۲۰| ه.ش.| تا| ۵۵۰| ق.م.| و| ۶۱۰| م.| بود",
        "شبکهٔ| بی.بی.سی| و| دی.وی.دی| و| بی.ام.و",
        "ارتش| U.S.A| و| U.S.| است",
        "دکتر| ا.| احمدی| و| John| F.| Kennedy",
        "ج.ا.|ایران",
        "گروه| ب|.",
        "گفت|.|وی",
        "Dr.| House",
        # Latin
        "covid-19| و| کووید-۱۹| و| CoRoT-7b| و| Wi-Fi",
        "AT&T| و| O'Neill| و| 5G| و| CO2| و| m²| و| v2.0",
        "LEDها| و| NGO\u200cها| و| CDهای",
        "سیاسی|-|اجتماعی| و| تهران|-|مشهد",
        "کتاب|-| ۲۱| صفحه| ۱|-|مقدمه",
        "snake_case| و| __x1",
        # marks
        "...| و| …| و| ....| و| ؟!| و| !!!",
        "رفت| ...| و",
        "-----| ***| ==",
        "است|.|»|)|،|،",
        # emoji
        "👨\u200d👩\u200d👧\u200d👦|👍🏽|❤️| 🇮🇷|🇮🇶| 5️⃣|😀|😀",
    ],
)
def test_tokens(case: str) -> None:
    assert pieces(case.replace("|", "")) == [piece.strip() for piece in case.split("|")]


def test_a_half_space_at_the_edge_stays_with_its_word() -> None:
    assert pieces("کتاب\u200c ها") == ["کتاب\u200c", "ها"]


def test_a_part_of_a_text_is_tokenised_by_itself() -> None:
    assert words("الف ۱۲.۵ ب", 4, 8) == [(4, 8)]
    assert words("الف ۱۲.۵ ب", 4, 7) == [(4, 6), (6, 7)]
    assert words("گروه ب. رفت") == [(0, 4), (5, 7), (8, 11)]
    assert words("گروه ب. رفت", 0, 7) == [(0, 4), (5, 6), (6, 7)]


@given(TEXTS)
def test_every_character_but_space_is_in_one_token(text: str) -> None:
    spans = words(text)

    covered = [i for start, end in spans for i in range(start, end)]
    assert covered == [i for i, character in enumerate(text) if not character.isspace()]


@given(TEXTS, st.integers(0, 10), st.integers(0, 10))
def test_a_part_keeps_the_law(text: str, start: int, length: int) -> None:
    end = min(len(text), start + length)
    spans = words(text, start, end)

    covered = [i for first, last in spans for i in range(first, last)]
    assert covered == [i for i in range(start, end) if not text[i].isspace()]


@pytest.mark.parametrize("piece", [".", "ا.", "a.1.", "a@", "بی.", "www.", "-", "@", "👨\u200d"])
def test_a_long_line_without_spaces_is_tokenised(piece: str) -> None:
    text = piece * 20_000

    assert sum(end - start for start, end in words(text)) == len(text)

"""What the CRF sees of a token: features as strings, the same for training and for tagging.

Letters are folded first, so that Arabic and Persian spelling, any writing of a half-space and
any digits give one word: `علي‌اف`, `علی اف` (how PEYMA writes it, in one token) and `علیاف`.
Of each word the features know, beside its letters, its classes: what unlabelled news taught
about it (`training/word_classes.py`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import NamedTuple

HALF_SPACE = "\u200c"

Classes = Callable[[str], Sequence[str]]
"""The classes of a folded word: three clusters, coarse to fine, then lexicon entries; or none."""

LETTERS = str.maketrans(
    {
        **dict.fromkeys("يىېۍئ", "ی"),
        **dict.fromkeys("كڪ", "ک"),
        **dict.fromkeys("ةۀەہھ", "ه"),
        **dict.fromkeys("أإٱ", "ا"),
        "ؤ": "و",
        **dict.fromkeys("\u0640\u200d\u200e\u200f\ufeff", ""),
    }
)
SPACES = str.maketrans(" \xa0", HALF_SPACE * 2)
DIGITS = str.maketrans("123456789٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "0" * 29)
DIACRITIC = re.compile("[\u064b-\u065f\u0670]")
PRESENTATION_FORM = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]")
ENDING = re.compile("(?:هایی|های|ها|ای|ان|ی)$")

CACHED_WORDS = 100_000


class Word(NamedTuple):
    """The features that a word gives itself and its neighbours, made once a word."""

    here: list[str]
    before: list[str]
    """As the word before the token that is described; `two_before` likewise."""
    after: list[str]
    two_before: list[str]
    two_after: list[str]
    word: str
    cluster: str


class Features:
    """Makes a sentence's features; remembers the words it has met."""

    def __init__(self, classes: Classes) -> None:
        self._classes = classes
        self._known: dict[str, Word] = {}

    def __call__(self, tokens: Sequence[str]) -> list[list[str]]:
        """One list of features for each token of a sentence."""
        words = [self._word(token) for token in tokens]
        return [_in_context(words, i) for i in range(len(words))]

    def _word(self, token: str) -> Word:
        found = self._known.get(token)
        if found is None:
            if len(self._known) >= CACHED_WORDS:
                self._known.clear()
            found = self._known[token] = describe(token, self._classes)
        return found


def fold(token: str) -> str:
    """The token in one spelling: Persian letters, digits as 0, spaces as half-spaces."""
    if PRESENTATION_FORM.search(token):
        token = unicodedata.normalize("NFKC", token)
    token = DIACRITIC.sub("", token.translate(LETTERS)).translate(SPACES).translate(DIGITS)
    return token.strip(HALF_SPACE).lower()


def word_key(token: str) -> str:
    """The folded token without half-spaces: what word classes are kept under."""
    return fold(token).replace(HALF_SPACE, "") or "_"


def describe(token: str, classes: Classes) -> Word:
    """The features of a word by itself."""
    folded = fold(token)
    word = folded.replace(HALF_SPACE, "") or "_"
    form = f"s={shape(folded)}"
    known = list(classes(word)) or _classes_of_stem(word, classes)
    marks = [f"k={name}" for name in known] or ["k?"]
    near = [f"w={word}", form, f"p3={word[:3]}", f"e3={word[-3:]}", f"e2={word[-2:]}", *marks]
    far = [f"w={word}", form, *marks[1:]]
    return Word(
        here=["bias", f"w={word}", form, *_letters(word), *_parts(folded), *_number(token), *marks],
        before=[f"-1:{name}" for name in near],
        after=[f"+1:{name}" for name in near],
        two_before=[f"-2:{name}" for name in far],
        two_after=[f"+2:{name}" for name in far],
        word=word,
        cluster=known[1] if len(known) > 1 else "?",
    )


def _classes_of_stem(word: str, classes: Classes) -> list[str]:
    """The clusters of a word that is known only without its ending."""
    stem = ENDING.sub("", word)
    return list(classes(stem))[:3] if 2 < len(stem) < len(word) else []


def _letters(word: str) -> list[str]:
    """Length and affixes up to four letters."""
    made = [f"len={min(len(word), 9)}"]
    for size in range(1, min(4, len(word)) + 1):
        made += (f"p{size}={word[:size]}", f"e{size}={word[-size:]}")
    return made


def _parts(folded: str) -> list[str]:
    """First and last part of a word with half-spaces."""
    first, half_space, rest = folded.partition(HALF_SPACE)
    return [f"first={first}", f"last={rest.rpartition(HALF_SPACE)[2]}"] if half_space else []


def _number(token: str) -> list[str]:
    """Century of a year, or whether a number can be a month or a day."""
    digits = "".join(str(unicodedata.digit(ch)) for ch in token if ch.isdecimal())
    if len(digits) == 4:
        return [f"year={digits[:2]}"]
    if 0 < len(digits) <= 2 and len(digits) == len(token):
        return [f"n={'month' if int(digits) <= 12 else 'day' if int(digits) <= 31 else 'more'}"]
    return []


def shape(folded: str) -> str:
    """The kinds of characters: `0000`, `ا`, `x`, `اzا` with a half-space, marks as they are."""
    made = ""
    for ch in folded[:14]:
        kind = "z" if ch == HALF_SPACE else ch
        if ch.isalpha():
            kind = "x" if ch.isascii() else "ا"
        if kind == "0" or not made.endswith(kind):
            made += kind
    return made


def _in_context(words: Sequence[Word], i: int) -> list[str]:
    """The features of token `i`: its own, its neighbours', and those of neighbouring pairs."""
    here = words[i]
    return [
        *here.here,
        *_before(here, words[max(0, i - 2) : i]),
        *_after(here, words[i + 1 : i + 3]),
    ]


def _before(here: Word, words: Sequence[Word]) -> list[str]:
    """Features from at most two words before."""
    if not words:
        return ["first"]
    near = words[-1]
    made = [
        *near.before,
        f"-1w={near.word}|{here.word}",
        f"-1k={near.cluster}|{here.cluster}",
    ]
    if len(words) == 1:
        return [*made, "second"]
    return [*made, *words[0].two_before, f"-2w={words[0].word}|{near.word}"]


def _after(here: Word, words: Sequence[Word]) -> list[str]:
    """Features from at most two words after."""
    if not words:
        return ["last"]
    near = words[0]
    made = [
        *near.after,
        f"+1w={here.word}|{near.word}",
        f"+1k={here.cluster}|{near.cluster}",
    ]
    if len(words) == 1:
        return [*made, "last but one"]
    return [*made, *words[1].two_after, f"+2w={near.word}|{words[1].word}"]

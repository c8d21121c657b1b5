"""What the fast tagger knows of a word by itself, as names that are hashed to rows of a table.

Letters are folded first, so that Arabic and Persian spelling, any writing of a half-space and
any digits give one word: `علي‌اف`, `علی اف` (how PEYMA writes it, in one token) and `علیاف`.
Beside its letters a word has classes: what unlabelled news taught about it
(`training/word_classes.py`).
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Callable, Sequence
from functools import cache

import marisa_trie

from pnews.entities import packs

HALF_SPACE = "\u200c"

Classes = Callable[[str], Sequence[str]]
"""The classes of a folded word: three clusters, coarse to fine, then lexicon entries; or none."""

DIACRITICS = "\u0670" + "".join(map(chr, range(0x064B, 0x0660)))
FOLDED = str.maketrans(
    {
        **dict.fromkeys("يىېۍئ", "ی"),
        **dict.fromkeys("كڪ", "ک"),
        **dict.fromkeys("ةۀەہھ", "ه"),
        **dict.fromkeys("أإٱ", "ا"),
        "ؤ": "و",
        **dict.fromkeys("\u0640\u200d\u200e\u200f\ufeff" + DIACRITICS, ""),
        **dict.fromkeys(" \xa0", HALF_SPACE),
        **dict.fromkeys("123456789٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "0"),
    }
)
PLAIN = re.compile("[آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی]+")
"""What stays as it is: most words."""
PRESENTATION_FORM = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]")
ENDING = re.compile("(?:هایی|های|ها|ای|ان|ی)$")

MOST = 40
"""Features of a word; a longer word's last letter groups are dropped."""


def rows(token: str, classes: Classes, table: int) -> list[int]:
    """The rows of a word's features in a table of this many rows; row 0 is never one."""
    names = "\0".join(describe(token, classes)).encode().split(b"\0")  # encoded at one stroke
    return [1 + zlib.crc32(name) % (table - 1) for name in names]


def fold(token: str) -> str:
    """The token in one spelling: Persian letters, digits as 0, spaces as half-spaces."""
    if PLAIN.fullmatch(token):
        return token
    if PRESENTATION_FORM.search(token):
        token = unicodedata.normalize("NFKC", token)
    return token.translate(FOLDED).strip(HALF_SPACE).lower()


def word_key(token: str) -> str:
    """The folded token without half-spaces: what word classes are kept under."""
    return fold(token).replace(HALF_SPACE, "") or "_"


def describe(token: str, classes: Classes) -> list[str]:
    """The features of a word, at most `MOST`; the first two are the word itself.

    Two, so that two words whose first names share a row are still told apart.
    """
    if PLAIN.fullmatch(token):
        word, kinds, more = token, "ا", []
    else:
        folded = fold(token)
        word, kinds = folded.replace(HALF_SPACE, "") or "_", shape(folded)
        more = [*_parts(folded), *_number(token)]
    known = classes(word) or _classes_of_stem(word, classes)
    made = [f"w={word}", f"W={word}", f"s={kinds}", f"len={min(len(word), 9)}", *_affixes(word)]
    made += [*more, *[f"k={name}" for name in known]]
    framed = f"<{word}>"
    made += [f"g={framed[i : i + 3]}" for i in range(min(len(framed), MOST) - 2)]
    return made[:MOST]


@cache
def shipped_classes(name: str) -> Classes:
    """The classes of words in this file; raises ModelError if it is missing or damaged."""
    known = marisa_trie.BytesTrie().frombytes(packs.checked(name))

    def classes(word: str) -> list[str]:
        found = known.get(word)
        return found[0].decode("ascii").split(" ") if found else []

    return classes


def _classes_of_stem(word: str, classes: Classes) -> list[str]:
    """The clusters of a word that is known only without its ending."""
    stem = ENDING.sub("", word)
    return list(classes(stem))[:3] if 2 < len(stem) < len(word) else []


def _affixes(word: str) -> list[str]:
    """First and last letters, up to four."""
    made = [f"p1={word[0]}", f"e1={word[-1]}"]
    for size in range(2, min(4, len(word)) + 1):
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

"""What of a written name counts when two names are compared.

A *key* is a name less all that spelling leaves open: `علی اف`, `علی‌اف` and `علیاف` have one key.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

_LETTERS = str.maketrans(
    "أإآٱؤئيىېكۀةھہەۂ٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹",
    "اااا" + "و" + "یییی" + "ک" + "هههههه" + "01234567890123456789",
    "ءـ",
)
"""آ and hamza forms fold to the bare letter; hamza on the line and kashida count for nothing."""

_GOD = re.compile(r"ا(?:\.{2,}|…)")
"""`ا...` is how newspapers avoid printing `الله`: قدرت ا... نوروزی"""

_HONOURS = re.compile(r"\((?:ره|ع|س|ص|عج|قدس سره|رض)\)")
_BETWEEN_WORDS = re.compile(r"[\s«»\"“”„()\[\]{}،,؛;:/\\_–—‐-]+")
_LAMS = re.compile(r"(?<=ا)ل+(?=له)")
_ALEFS = re.compile(r"اا+(?=له)")
_NO_LETTER = re.compile(r"[\W_]+")

_ENCLITICS = (
    re.compile(r"(?<=[اوهی])ست$"),  # آمریکاست
    re.compile(r"(?:است|اند)$"),  # ایران‌اند
    re.compile(r"(?<=[او])ی$"),  # آمریکای
)


@lru_cache(maxsize=1 << 14)
def name_key(text: str) -> str:
    """The letters and digits that count: `علی‌اف` and `علی اف` -> `علیاف`.

    Arabic letters, hamza forms, vowel signs, half-spaces, spaces, hyphens and quotation marks
    are folded or dropped, and `الله` is `اله` (یداله, عبدااله).
    """
    folded = _GOD.sub("الله", text).casefold().translate(_LETTERS)
    return _ALEFS.sub("ا", _LAMS.sub("", _NO_LETTER.sub("", folded)))


def name_words(text: str) -> tuple[str, ...]:
    """The keys of the words: `امام خمینی(ره)` -> `امام`, `خمینی`; a half-space doesn't part."""
    pieces = _BETWEEN_WORDS.split(_HONOURS.sub(" ", _GOD.sub("الله", text)))
    return tuple(filter(None, map(name_key, pieces)))


def without_enclitic(key: str) -> Iterator[str]:
    """What the key may be without `است`, `اند` or the ezafe's ye: `امریکاست` -> `امریکا`.

    Only a known name tells whether the letters are an enclitic, so the caller decides.
    """
    for enclitic in _ENCLITICS:
        base = enclitic.sub("", key)
        if base != key and len(base) > 1:
            yield base


def without_article(key: str) -> str:
    """Less the Arabic article: `الحریری` -> `حریری`."""
    return key[2:] if key.startswith("ال") and len(key) > 4 else key


def shape(key: str) -> str:
    """The key less its dots, which are mistyped most: `بسیح`, `بسیج`."""
    return key.translate(_SHAPES)


_SHAPES = str.maketrans("پتثنیجچخذزژشضظغقگ", "بببببحححدررسصطعفک")

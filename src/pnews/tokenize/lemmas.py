"""Lemmas of Persian words, by the convention of UD_Persian.

A verb's lemma is its past stem (می\u200cکند: کرد, دارد: داشت, نیست: هست; without the preverb,
برمی\u200cگردد: گشت), a noun's or an adjective's the bare word (کتاب\u200cهایش: کتاب, منابع: منبع,
نمایندگان: نماینده, بزرگ\u200cترین: بزرگ, کسی: کس). The part of speech isn't known here, so a form
that can be read in two ways has its commoner reading, and keeps itself where that isn't clear.
So does every word that the table lacks and whose ending isn't sure.

`training/build_lemmas.py` makes the table.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

from pnews import data

VERBAL, NOMINAL = "v", "n"
"""First letter of the table's keys: forms of verbs, without half-spaces, and all other forms.

The value is the lemma; an empty one says that the form is its own lemma, whatever its ending.
"""

EZAFE = "\u0650\u0654"
ENDING = re.compile(
    "\u200c(?:"
    "ها(?:ی(?:ی|م|ت|ش|مان|تان|شان)?|مان|تان|شان|ست)?"  # کتاب\u200cهایشان
    "|تر(?:ین|ی|ها)?"  # بزرگ\u200cتری
    "|[متش]ان"  # پدر\u200cشان
    "|(?<=[هیاو]\u200c)(?:ای|ی|ام|ات|اش|ایم|اید|اند)"  # خانه\u200cای
    ")$"
)
JOINED_ENDING = re.compile("(?<=[^\\W\\d_]{3})ها(?:ی(?:ی|م|ش|مان|تان|شان)?)?$")
FOLD = str.maketrans({**dict.fromkeys([*range(0x64B, 0x653), 0x654, 0x670, 0x640]), 0x6C0: "ه"})
JOIN = str.maketrans(dict.fromkeys("\u200c \xa0"))


@lru_cache(maxsize=1 << 14)
def lemma(word: str) -> str:
    """The lemma of a word written with half-spaces, with spaces in their place, or joined."""
    plain = word.translate(FOLD)
    found = _listed(NOMINAL, plain)
    if found is None and word[-1:] not in (*EZAFE, "ۀ"):
        found = _listed(VERBAL, joined(plain))
    if found is None:
        found = stripped(plain)
    if found is None:
        found = _listed(NOMINAL, joined(plain))
    return found or word.rstrip(EZAFE).replace("ۀ", "ه") or word


def joined(word: str) -> str:
    """The word without half-spaces and spaces."""
    return word.translate(JOIN)


def _listed(kind: str, form: str) -> str | None:
    if "\0" in form:  # ends a key for marisa
        return None
    values = _table().get(kind + form)
    return values[0].decode() if values else None


def stripped(word: str) -> str | None:
    """The word without an ending that can be nothing else; None if it has none."""
    for pattern in (ENDING, JOINED_ENDING):
        bare = pattern.sub("", word)
        if bare != word and len(bare) > 1:
            return bare
    return None


@cache
def _table() -> Any:
    import marisa_trie

    return marisa_trie.BytesTrie().mmap(str(data.path("lemmas.marisa")))

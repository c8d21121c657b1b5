"""Half-space repair: which gaps between letters are joined, half-spaced or spaced.

A lexicon of spellings (`training/train_half_spaces.py`), and endings and verb prefixes for the
words that it lacks. A half-space or a joined word that stands is never opened, and a space
becomes a half-space only where that is far commoner.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from pnews import data
from pnews.aligned import Cut

ZWNJ = "\u200c"
FOLD = str.maketrans("يىكأإٱؤئةۀ", "ییکاااویهه")
WORD = re.compile("[\u0621-\u063a\u0641-\u064a\u0671-\u06d3\u06d5\u200c]+")
SUFFIX = re.compile(
    "(.*[^اآدذرزژوء])(ها|های|هایی|هایم|هایت|هایش|هایمان|هایتان|هایشان|ترین|ای|ام|ات|اند|ایم|اش)"
)
PREFIX = re.compile("(ن?می)(.{2,})")
ATTACHED = {"ها", "های", "هایی", "هایم", "هایت", "هایش", "هایمان", "هایتان", "هایشان"}
ATTACHED |= {"ترین", "تری", "تر", "اند", "ایم", "اید"}
VERB_PREFIXES = {"می", "نمی"}
CACHED_WORDS = 1 << 16


def cuts(text: str) -> list[Cut]:
    """The cuts that repair the half-spaces of a text with normalised characters.

    Ascending and apart; each puts a half-space between two letters or makes one of a space.
    No letter changes.
    """
    folded = text.translate(FOLD)
    found: list[Cut] = []
    before, end = "", -2
    for match in WORD.finditer(folded):
        word, start = match.group(), match.start()
        if start == end + 1 and folded[end] == " " and _joins(before, word):
            found.append((end, end + 1, ZWNJ))
        at = start
        for piece in _spelling(word):
            at += len(piece)
            if at < match.end() and folded[at] != ZWNJ:
                found.append((at, at, ZWNJ))
            elif at < match.end():
                at += 1
        before, end = word, match.end()
    return found


@cache
def _lexicon() -> dict[str, str]:
    return {row[0]: row[1] for row in data.rows("half-spaces")}


@lru_cache(maxsize=CACHED_WORDS)
def _spelling(word: str) -> list[str]:
    if ZWNJ in word:
        return [piece for part in word.split(ZWNJ) for piece in _spelling(part)]
    known = _lexicon().get(word)
    if known:
        return known.split(ZWNJ)
    verb = PREFIX.fullmatch(word)
    if verb and verb[2] in _lexicon():
        return [verb[1], verb[2]]
    noun = SUFFIX.fullmatch(word)
    if noun and noun[1] in _lexicon():
        return [*_spelling(noun[1]), noun[2]]
    return [word]


@lru_cache(maxsize=CACHED_WORDS)
def _joins(before: str, after: str) -> bool:
    last, first = before.rsplit(ZWNJ, 1)[-1], after.split(ZWNJ, 1)[0]
    if last[-1:] in "اآدذرزژوء" or not after[0] or not last:
        return False
    if f"{last} {first}" in _lexicon() or first in ATTACHED:
        return True
    return last in VERB_PREFIXES and first in _lexicon()

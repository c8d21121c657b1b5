"""Words of saying as patterns: `data/saying.tsv`."""

from __future__ import annotations

import re
from functools import cache

from pnews import data

GAP = r"[ \u200c\u00a0]*"
EDGE = r"(?![\w\u200c\u064b-\u0652])"
START = r"(?<![\w\u200c])"


@cache
def words(name: str) -> str:
    """The words of a class as an alternation, the longer first; a space is any gap."""
    found = [word for cls, line in data.rows("saying") if cls == name for word in line.split("|")]
    ordered = sorted(found, key=len, reverse=True)
    return "|".join(re.escape(word).replace(r"\ ", GAP) for word in ordered)


@cache
def names(name: str) -> frozenset[str]:
    """The words of a class."""
    return frozenset(
        word for cls, line in data.rows("saying") if cls == name for word in line.split("|")
    )


@cache
def cue() -> re.Pattern[str]:
    """A verb of saying: گفت, اظهار داشت."""
    return re.compile(
        rf"{START}(?:(?:{words('before')}){GAP}(?:{words('light')})|{words('verb')}){EDGE}"
    )


@cache
def colon_cue() -> re.Pattern[str]:
    """A verb of saying and its colon; a light verb and a colon will do."""
    verb = (
        rf"(?:(?:{words('before')}){GAP}(?:{words('light')})"
        rf"|{words('verb')}|{words('light_alone')}|{words('written')})"
    )
    return re.compile(rf"{START}(?P<cue>{verb}){GAP}[\u200b-\u200f]?{GAP}(?::-?|؛(?={GAP}[«\"“]))")


@cache
def before_list() -> re.Pattern[str]:
    """Words after which a colon opens a list: به شرح زیر اعلام کرد:"""
    return re.compile(rf"{START}(?:{words('list')}){EDGE}{GAP}(?:\S+{GAP}){{0,2}}$")


@cache
def question() -> re.Pattern[str]:
    """Words that end before a question: در پاسخ به این پرسش که"""
    return re.compile(rf"{START}(?:{words('question')}){EDGE}[^.!؟\n«»\"]{{0,25}}$")


@cache
def source_first() -> re.Pattern[str]:
    """A source at the beginning of a sentence: به گزارش ایسنا،"""
    return re.compile(rf"{GAP}(?:{words('source')}){EDGE}[^،\n]{{1,80}}[،,]")

"""What a line of a page is, told by its form and the phrases of `data/boilerplate.tsv`.

No site's own strings: a phrase stands for what all sites write there. A line is weighed with its
neighbours by `pnews.article.blocks`.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from pnews import data

LineKind = Literal["text", "end", "links", "boilerplate", "caption"]

FEWEST_WORDS = 8
"""Of a line that is surely the article's own, if it also ends like a sentence."""
LONG = 120
"""Characters of a line that is no headline of another article."""
MOST_BYLINE = 60
"""Characters of a byline, a source or another line told by its beginning."""

_CODE = re.compile(r"[\W\d_]*(?:[^\W\d_]{1,7}/+)?[\W\d_]*\d[\W\d_]*|[\W_]+|_x000D_")
_SECTION = re.compile(r"[-–*|] ?[^-–*|.]{2,40} ?[-–*|]")
_SCRIPT = re.compile(
    r"^\s*(?:\$\.|var |player\.|function|\}\)|<script|window\.|document\.)|\);\s*$"
)
_STAMP = re.compile(
    r"[\W\d_]*(?:(?:شنبه|یکشنبه|یک شنبه|دوشنبه|دو شنبه|سه شنبه|چهارشنبه|چهار شنبه|پنجشنبه"
    r"|پنج شنبه|جمعه|فروردین|اردیبهشت|خرداد|تیر|مرداد|شهریور|مهر|آبان|آذر|دی|بهمن|اسفند"
    r"|ماه|ساعت|سال|تاریخ|مورخ|ق.?ظ|ب.?ظ)[\W\d_]*){1,8}"
)
_CLOCK = re.compile(r"\d[:/]\d")
_SENTENCE_END = re.compile(r"[.!؟?…»:؛][\"”»)\]]*\s*$")
_TAIL = re.compile(r"(?<=[.!؟])\s*/+\s*[^\s/.،]{1,20}(?:[ \u200c][^\s/.،]{1,12})?[\s/.\d]*$")


def kind(line: str) -> LineKind:
    """What the line says of itself."""
    text = line.strip()
    for name in ("end", "links"):
        if _begins(name).match(text):
            return "links" if name == "links" else "end"
    if (
        _is_marks(text)
        or _SCRIPT.search(text)
        or (
            len(text) <= MOST_BYLINE
            and (_begins("begins").match(text) or _begins("byline").match(text))
        )
        or _whole().fullmatch(text)
        or _has_both(text)
    ):
        return "boilerplate"
    return "caption" if _begins("caption").match(text) and len(text) <= LONG else "text"


def _is_marks(text: str) -> bool:
    """A code, a stamp of date and time, a section's name between dashes, or marks alone."""
    stamp = _STAMP.fullmatch(text.replace("\u200c", " ")) and _CLOCK.search(text)
    return bool(_CODE.fullmatch(text) or _SECTION.fullmatch(text) or stamp)


def looks_told(line: str) -> bool:
    """Whether a line is surely the article's own: long, or a whole sentence."""
    text = line.strip()
    if len(text) > LONG:
        return True
    return len(text.split()) >= FEWEST_WORDS and bool(_SENTENCE_END.search(text))


def tail(line: str) -> int:
    """Where an end mark or keyword glued to the last sentence begins (`./آمریکا`), else its end."""
    found = _glued_end().search(line) or _TAIL.search(line)
    return found.start() if found and looks_told(line[: found.start()]) else len(line)


def _phrase(phrase: str) -> str:
    return re.escape(phrase).replace(r"\ ", r"[ \u200c]*").replace("\u200c", r"[ \u200c]*")


def _phrases(name: str) -> str:
    found = (row[1] for row in data.rows("boilerplate") if row[0] == name)
    return "|".join(map(_phrase, sorted(found, key=len, reverse=True)))


@cache
def _begins(name: str) -> re.Pattern[str]:
    """A line that begins with a phrase and goes on as such lines do: a colon, a code, nothing."""
    after = {
        "end": r"(?![\w])",
        "links": r"(?![\w\u200c])",
        "begins": r"[ \u200c]*(?:[:：؛/|]|$|\d)",
        "byline": r"[ \u200c]*[:：/|]",
        "caption": r"[ \u200c]*[:：/|]",
    }[name]
    return re.compile(rf"[\W_]*(?:{_phrases(name)}){after}")


@cache
def _glued_end() -> re.Pattern[str]:
    return re.compile(rf"(?<=[.!؟»/])\s*(?:{_phrases('end')})(?![\w])[^؟!»]{{0,40}}$")


@cache
def _whole() -> re.Pattern[str]:
    return re.compile(rf"[\W_]*(?:{_phrases('whole')})[\W_]*")


def _has_both(text: str) -> bool:
    return len(text) <= LONG and any(
        row[1] in text and row[2] in text for row in data.rows("boilerplate") if row[0] == "both"
    )

"""What the web does to text, done to marked text, the marks carried along exactly.

A damage replaces single characters, so a mark's new ends are those of its characters.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate

from pnews.entities.features import HALF_SPACE
from pnews.evaluate import Article

Characters = list[str]
"""What stands in the place of each character: itself, another, none or several."""

Damage = Callable[[Characters, random.Random], None]

ARABIC = str.maketrans("یک", "يك")
ASCII_DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹", "0123456789")
ZEROS = str.maketrans("۰۱۲۳۴۵۶۷۸۹0123456789", "0" * 20)
STOPS = ".؟!"
QUOTES = '«»"“”'
DOUBLED = {"«": "««", "»": "»»", '"': '""', "“": "““", "”": "””"}
TWICE = 0.3
"""Share of the damaged articles that suffer a second damage."""


def _join(text: Characters, chance: random.Random) -> None:
    _replace(text, HALF_SPACE, lambda: "")


def _open(text: Characters, chance: random.Random) -> None:
    _replace(text, HALF_SPACE, lambda: " ")


def _mix(text: Characters, chance: random.Random) -> None:
    _replace(text, HALF_SPACE, lambda: chance.choice((HALF_SPACE, "", " ")))


def _arabic(text: Characters, chance: random.Random) -> None:
    text[:] = [ch.translate(ARABIC) for ch in text]


def _ascii_digits(text: Characters, chance: random.Random) -> None:
    text[:] = [ch.translate(ASCII_DIGITS) for ch in text]


def _zeros(text: Characters, chance: random.Random) -> None:
    """As ARMAN has its digits."""
    text[:] = [ch.translate(ZEROS) for ch in text]


def _no_stop(text: Characters, chance: random.Random) -> None:
    last = next((i for i in reversed(range(len(text))) if text[i].strip()), None)
    if last is not None and text[last] in STOPS:
        text[last] = ""


def _headline(text: Characters, chance: random.Random) -> None:
    """No final stop, no quotation marks, a slash for a comma."""
    _no_stop(text, chance)
    text[:] = ["" if ch in QUOTES else "/" if ch == "،" else ch for ch in text]


def _double_quotes(text: Characters, chance: random.Random) -> None:
    text[:] = [DOUBLED.get(ch, ch) for ch in text]


DAMAGES: dict[str, Damage] = {
    "half-spaces removed": _join,
    "half-spaces opened": _open,
    "half-spaces mixed": _mix,
    "Arabic letters": _arabic,
    "ASCII digits": _ascii_digits,
    "digits all 0": _zeros,
    "no final stop": _no_stop,
    "headline": _headline,
    "quotation marks doubled": _double_quotes,
}


def _replace(text: Characters, old: str, new: Callable[[], str]) -> None:
    text[:] = [new() if ch == old else ch for ch in text]


def damaged(article: Article, names: Iterable[str], chance: random.Random) -> Article:
    """The article with these damages; a mark of which nothing is left is dropped."""
    text = list(article.text)
    for name in names:
        DAMAGES[name](text, chance)
    places = [0, *accumulate(len(ch) for ch in text)]
    marks = [(places[start], places[end], type_) for start, end, type_ in article.marks]
    return article._replace(text="".join(text), marks=[mark for mark in marks if mark[0] < mark[1]])


def at_random(articles: Iterable[Article], chance: random.Random) -> Iterator[Article]:
    """Each article with one damage, some with two."""
    for article in articles:
        yield damaged(
            article, chance.sample(list(DAMAGES), 2 if chance.random() < TWICE else 1), chance
        )

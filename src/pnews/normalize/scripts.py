"""Character classes that the rules of normalising share, as bodies of regular-expression sets; and
how single characters are replaced.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

Table = Iterable[tuple[str, str]]
"""Single characters and what stands for each."""

LETTER = (
    "\u0620-\u063f\u0641-\u064a\u066e\u066f\u0671-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06fc\u06ff"
    "\u0750-\u077f"
)
"""Letters of the Arabic script, Persian ones among them."""

MARK = "\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
"""Vowel signs, hamza and madda above, Koranic signs."""

DIGIT = "0-9\u0660-\u0669\u06f0-\u06f9"
"""ASCII, Arabic-Indic and Persian digits."""

LATIN = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"

DUAL_JOINING = "ئبتثجحخسشصضطظعغفقلمنهپچکگیيكى"
"""Letters that join to the next one, so that a half-space after them shows."""

WEB = re.compile(
    r"(?:https?://|ftp://|www\.)[^\s<>«»\"،؛؟]*[^\s<>«»\"،؛؟.,:;!?()\[\]…]"
    r"|(?<![\w.+-])[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}",
    re.ASCII,
)
"""Addresses: no rule touches them."""

FOREIGN = re.compile(
    rf"{WEB.pattern}"
    rf"|(?<![\w@#])[@#][\w\u200c]+"
    rf"|(?<=[{LATIN}] )[0-9]+(?:[.,:][0-9]+)*(?= [{LATIN}])"
    rf"|(?<![{LATIN}0-9])[0-9]*-?[{LATIN}][{LATIN}0-9]*(?:[-_.'’&+/][{LATIN}0-9]+)*"
)
"""Addresses, handles, hashtags and Latin words with their digits (COVID-19, 5G, F-16): letters
in them are put right, digits, marks and spacing stay."""

FOREIGN_LINE = re.compile(rf"^[^\n{LATIN}@#]*+[{LATIN}@#].*", re.MULTILINE)
"""A line that may hold one of these."""


def replaced(text: str, table: Table) -> str:
    """The text with single characters replaced by single characters.

    Quicker than `str.translate`, which asks for each character.
    """
    for written, meant in table:
        text = text.replace(written, meant)
    return text

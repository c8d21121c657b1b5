"""Names that are one though they are spelled otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pnews.resolve.claims import Claim, of_type
from pnews.resolve.keys import name_key, shape, without_article
from pnews.resolve.names import Name, vocabulary


def same_less_article(names: Sequence[Name]) -> Iterator[Claim]:
    """`استان الحسکه` is `استان حسکه`, `بسام السایح` is `بسام سایح`."""
    first: dict[tuple[str, str], Name] = {}
    for name in names:
        key = name.type, "".join(map(without_article, name.words))
        yield name, [first.setdefault(key, name)]


def same_letters(names: Sequence[Name]) -> Iterator[Claim]:
    """`اف‌ای‌تی‌اف` is `FATF`: Latin letters called by their names."""
    first: dict[str, Name] = {}
    for name in names:
        letters = spelled_letters(name.text)
        if letters:
            yield name, [first.setdefault(name.type + letters, name)]


def spelled_letters(text: str) -> str:
    """The Latin letters of an abbreviation; A, E and I are one, so are G and J. Else nothing."""
    if text.isascii() and text.isalpha() and text.isupper():
        letters = text
    else:
        names = vocabulary("letter")
        letters = "".join(names.get(part, "?") for part in map(name_key, _SPELLED.split(text)))
    found = letters.translate(_ONE_SOUND)
    return found if len(found) > 1 and "?" not in found else ""


_SPELLED = re.compile(r"[\s\u200c.]+")
_ONE_SOUND = str.maketrans("EIJ", "AAG")


LONGEST = 200
"""Letters of a name; what is longer is words that ran together by the hundred."""


def misspelt(names: Sequence[Name]) -> Iterator[Claim]:
    """`بسیح` is `بسیج`, `نخست‌وزیری انگیس` is `نخست‌وزیری انگلیس`.

    People are left out, for `حسن` is no `حسین`; numbers, for `منطقه ۱۵` is no `منطقه ۱۸`.
    """
    able = [
        name
        for name in (*of_type(names, "LOC"), *of_type(names, "ORG"))
        if name.key.isalpha() and len(name.key) > 3
    ]
    whole = {(name.type, name.key): name for name in able}
    first: dict[tuple[str, str], Name] = {}
    for name in able:
        yield name, [first.setdefault((name.type, shape(name.key)), name)]
        yield name, [whole[slip] for slip in _slips(name) if slip in whole]


def _slips(name: Name) -> list[tuple[str, str]]:
    """The name's type and key with a letter lost or two letters swapped; of long names only."""
    key = name.key
    at = range(len(key) - 1) if 7 < len(key) <= LONGEST else ()
    lost = {key[:i] + key[i + 1 :] for i in at}
    swapped = {key[:i] + key[i + 1] + key[i] + key[i + 2 :] for i in at} - {key}
    return [(name.type, slip) for slip in sorted(lost | swapped)]

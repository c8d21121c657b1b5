"""Right-to-left text on terminals: some put its letters in the order they are seen in, some don't.

For those that don't, a line is turned by the Unicode Bidirectional Algorithm (UAX 9, python-bidi),
its letters in their joined forms (arabic-reshaper), after it has been cut to the width. Text is
`rich.text.Text`, so that a piece keeps its colour wherever it comes to stand.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from pnews import data

if TYPE_CHECKING:
    from rich.style import Style
    from rich.text import Text

Bidi = Literal["auto", "on", "off"]

CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u2028-\u202e\u2066-\u2069]")

MARKS = "\u200e\u200f"
"""Left-to-right mark, right-to-left mark: letters to the algorithm, nothing to see."""

MULTIPLEXERS = ("TMUX", "STY")
"""Inside these the variables of the terminal around them prove nothing."""


def turned(bidi: Bidi, environ: Mapping[str, str], *, terminal: bool) -> bool:
    """Whether lines are to be turned by us.

    `auto` turns them only on a terminal that is known (`data/terminals.tsv`) not to: text that is
    turned twice, or that another program reads, would be worse than text that isn't.
    """
    if bidi != "auto":
        return bidi == "on"
    if not terminal or any(environ.get(name) for name in MULTIPLEXERS):
        return False
    known = {
        reorders
        for variable, pattern, reorders, *_ in data.rows("terminals")
        if re.fullmatch(pattern, environ.get(variable, ""))
    }
    return known == {"no"}


def shown(text: str) -> str:
    """The text with its control characters as codes, `[U+202E]`: none may act on the terminal."""
    return CONTROL.sub(lambda found: f"[U+{ord(found.group()):04X}]", text)


class _Cell(NamedTuple):
    """A character with the marks on it, and how it is painted."""

    text: str
    style: Style | str


def visual(line: Text) -> Text:
    """One line in the order it is seen in, from left to right; its direction is right to left."""
    from rich.text import Text

    cells = [_Cell(text, _style(line, at)) for at, text in _clusters(_joined(line.plain))]
    found = Text(style=line.style)
    for style, group in groupby(_ordered(cells), lambda cell: cell.style):
        found.append("".join(cell.text for cell in group), style)
    return found


def _style(line: Text, at: int) -> Style | str:
    """The style of a character: that of the last span that covers it."""
    styles = [span.style for span in line.spans if span.start <= at < span.end]
    return styles[-1] if styles else ""


def _joined(text: str) -> str:
    """The letters in the forms that they have beside each other; as many characters as before."""
    shaped: str = _shaper().reshape(text.replace("\u200d", "\u200c"))
    return shaped if len(shaped) == len(text) else text


@cache
def _shaper() -> Any:
    from arabic_reshaper import ArabicReshaper

    return ArabicReshaper(
        {"delete_harakat": False, "delete_tatweel": False, "support_ligatures": False}
    )


def _clusters(text: str) -> list[tuple[int, str]]:
    """Where each character stands, with the marks on it; half-spaces are left out."""
    found: list[tuple[int, str]] = []
    letter = -1
    for at, character in enumerate(text):
        kind = unicodedata.category(character)
        if kind in ("Mn", "Me") and letter >= 0:
            found[letter] = found[letter][0], found[letter][1] + character
        elif kind != "Cf" or character in MARKS:
            letter = letter if character in MARKS else len(found)
            found.append((at, character))
    return found


def _ordered(cells: list[_Cell]) -> list[_Cell]:
    """The cells by UAX 9, base direction right to left; brackets mirrored.

    The steps of `bidi.algorithm.get_display`, with each character's number carried along.
    """
    from bidi import algorithm

    storage = algorithm.get_empty_storage()
    storage["base_level"], storage["base_dir"] = 1, "R"
    algorithm.get_embedding_levels("".join(cell.text[0] for cell in cells), storage, False, False)
    for number, character in enumerate(storage["chars"]):
        character["number"] = number
    for step in (
        algorithm.explicit_embed_and_overrides,
        algorithm.resolve_weak_types,
        algorithm.resolve_neutral_types,
        algorithm.resolve_implicit_levels,
        algorithm.reorder_resolved_levels,
        algorithm.apply_mirroring,
    ):
        step(storage, False)
    return [
        _Cell(
            character["ch"] + cells[character["number"]].text[1:], cells[character["number"]].style
        )
        for character in storage["chars"]
        if character["ch"] not in MARKS
    ]

"""The first stage: text put right, with every character's source kept.

Characters, marks and spacing by rule, then half-spaces; or the work of another engine, aligned.
Normalising a normalised text changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Literal

import msgspec

from pnews.aligned import AlignedText
from pnews.document import Document, Edit, Stage
from pnews.normalize.characters import Diacritics, Digits, normalize_characters

HalfSpaces = Literal["aggressive", "off"]
Engine = Literal["pnews", "hazm", "parsivar"]

PASSES = 8
"""Passes after which a text has settled; real text needs one, hostile text two or three."""


def normalize(
    text: str,
    *,
    digits: Digits = "persian",
    diacritics: Diacritics = "keep",
    half_spaces: HalfSpaces = "aggressive",
) -> AlignedText:
    """The normalised text, aligned to `text`. Passes are repeated until nothing changes."""
    aligned = AlignedText.identity(text)
    for _ in range(PASSES):
        before = aligned.text
        aligned = normalize_characters(aligned, digits=digits, diacritics=diacritics)
        if half_spaces != "off":
            from pnews.normalize.half_spaces import cuts

            aligned = aligned.replace(cuts(aligned.text))
        if aligned.text == before:
            break
    return aligned


def stage(
    *,
    normalizer: Engine = "pnews",
    digits: Digits = "persian",
    diacritics: Diacritics = "keep",
    half_spaces: HalfSpaces = "aggressive",
) -> Stage:
    """The stage that adds `normalized` and `edits`; raises EngineError without the engine."""
    work: Callable[[str], AlignedText]
    if normalizer == "pnews":
        work = partial(normalize, digits=digits, diacritics=diacritics, half_spaces=half_spaces)
    else:
        from pnews.normalize.engines import engine

        work = engine(normalizer)
    return lambda documents: _add(documents, work)


def _add(documents: Iterable[Document], work: Callable[[str], AlignedText]) -> Iterator[Document]:
    for document in documents:
        aligned = work(document.text)
        edits = tuple(Edit(*cut) for cut in aligned.edits())
        yield msgspec.structs.replace(document, normalized=aligned.text, edits=edits)

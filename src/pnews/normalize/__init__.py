"""The first stage: text put right, with every character's source kept.

Characters, marks and spacing by rule, then half-spaces; or half-spaces alone; or the work of
another engine, aligned. Normalising a normalised text changes nothing.

A text is taken in blocks of whole lines, each by itself: so memory stays flat, and what is learnt
of a text (how it writes its half-spaces, what its no-break spaces mean) is learnt of the block.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import Literal

import msgspec

from pnews.aligned import AlignedText
from pnews.document import Document, Edit, Stage
from pnews.normalize.characters import (
    CLASSES,
    TO_RULE,
    Diacritics,
    Digits,
    normalize_characters,
    normalize_items,
)
from pnews.normalize.gaps import ITEMS, ITEMS_TO_RULE, Gaps, Item
from pnews.normalize.half_spaces import (
    HalfSpaces,
    Manner,
    Repair,
    cuts_of,
    misplaced,
    missing,
    put_right,
)
from pnews.normalize.items import Items
from pnews.normalize.rules import Log

Engine = Literal["pnews", "hazm", "parsivar"]
Characters = Literal["mend", "keep"]

BLOCK = 1 << 18
"""Characters after which a block ends with its line."""


def normalize(
    text: str,
    *,
    characters: Characters = "mend",
    digits: Digits = "persian",
    diacritics: Diacritics = "keep",
    half_spaces: HalfSpaces = "aggressive",
    log: Log | None = None,
) -> AlignedText:
    """The normalised text, aligned to `text`.

    `characters="keep"` leaves letters, digits, marks and spacing as they stand: only spaces and
    half-spaces between letters change. `half_spaces="safe"` makes only those edits of `aggressive`
    that are all but certain. `log` is told of each rule that changes something: its name, the block
    as it was, the cuts.
    """

    def by_rule(aligned: AlignedText) -> AlignedText:
        if characters == "keep":
            return aligned
        return normalize_characters(aligned, digits=digits, diacritics=diacritics, log=log)

    return AlignedText.joined(_block(block, by_rule, half_spaces, log) for block in blocks([text]))


def _block(
    text: str,
    by_rule: Callable[[AlignedText], AlignedText],
    mode: HalfSpaces,
    log: Log | None,
) -> AlignedText:
    def repaired(
        aligned: AlignedText, items: Items[Item], repairs: Sequence[Repair]
    ) -> AlignedText:
        cuts = cuts_of(items, repairs)
        if log:
            placed = zip(repairs, cuts, strict=True)
            for rule, several in groupby(placed, lambda each: each[0].rule):
                log(f"half-space {rule}", aligned, [cut for _, cut in several])
        return aligned.replace(cuts)

    def gaps(aligned: AlignedText) -> Gaps:
        return Gaps(Items.of(aligned.text, ITEMS))

    aligned = by_rule(AlignedText.identity(text))
    if mode == "off":
        return aligned
    found = gaps(aligned)
    while repairs := misplaced(found, mode):
        aligned = by_rule(repaired(aligned, found.items, repairs))
        found = gaps(aligned)
    while repairs := missing(found, Manner(found.told()), mode):
        aligned = repaired(aligned, found.items, repairs)
        found = gaps(aligned)
    return aligned


def normalize_blocks(
    text: Iterable[str],
    *,
    characters: Characters = "mend",
    digits: Digits = "persian",
    diacritics: Diacritics = "keep",
    half_spaces: HalfSpaces = "aggressive",
) -> Iterator[str]:
    """The normalised text alone, block by block; much quicker than with its alignment.

    `text` comes in pieces of any size.
    """
    by_rule = partial(normalize_items, digits=digits, diacritics=diacritics)

    def normalized(text: str) -> Items[Item]:
        if characters == "keep":
            return Items.of(text, ITEMS)
        return by_rule(text, know=ITEMS_TO_RULE).known_by(ITEMS, TO_RULE)

    for block in blocks(text):
        if half_spaces == "off":
            yield block if characters == "keep" else by_rule(block, know=CLASSES).text
        else:
            yield put_right(normalized(block), half_spaces, normalized).text


def blocks(text: Iterable[str]) -> Iterator[str]:
    """Whole lines, together `BLOCK` characters or, with the last line, more; one at least."""
    rest = ""
    for piece in text:
        rest += piece
        start = 0
        while end := rest.find("\n", start + BLOCK) + 1:
            yield rest[start:end]
            start = end
        rest = rest[start:]
    yield rest


def stage(
    *,
    normalizer: Engine = "pnews",
    characters: Characters = "mend",
    digits: Digits = "persian",
    diacritics: Diacritics = "keep",
    half_spaces: HalfSpaces = "aggressive",
) -> Stage:
    """The stage that adds `normalized` and `edits`; raises EngineError without the engine."""
    work: Callable[[str], AlignedText]
    if normalizer == "pnews":
        work = partial(
            normalize,
            characters=characters,
            digits=digits,
            diacritics=diacritics,
            half_spaces=half_spaces,
        )
    else:
        from pnews.normalize.engines import engine

        work = engine(normalizer)
    return lambda documents: _add(documents, work)


def _add(documents: Iterable[Document], work: Callable[[str], AlignedText]) -> Iterator[Document]:
    for document in documents:
        aligned = work(document.text)
        edits = tuple(Edit(*cut) for cut in aligned.edits())
        yield msgspec.structs.replace(document, normalized=aligned.text, edits=edits)

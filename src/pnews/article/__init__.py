"""The last stage: which part of the page is what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from pnews.article.blocks import parts
from pnews.article.quotations import quotations
from pnews.article.sources import sources
from pnews.document import Document, Region, Stage

TOLD = ("lede", "body", "caption")
"""The blocks that the article itself tells."""


def stage() -> Stage:
    """The stage that adds `blocks`, `title`, `quotations` and `sources`."""
    return _add


def _add(documents: Iterable[Document]) -> Iterator[Document]:
    for document in documents:
        lines = parts(document.aligned)
        found = tuple(line.block for line in lines)
        title = next((Region(b.start, b.end) for b in found if b.kind == "title"), None)
        told = [
            line.span for line in lines if line.block.kind in TOLD and line.block.repeats is None
        ]
        yield msgspec.structs.replace(
            document,
            blocks=found,
            title=title,
            quotations=quotations(document, told),
            sources=sources(document, told),
        )

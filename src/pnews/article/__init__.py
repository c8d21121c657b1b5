"""The last stage: which part of the page is what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from pnews.article.blocks import blocks
from pnews.document import Document, Region, Stage


def stage() -> Stage:
    """The stage that adds `blocks` and `title`."""
    return _add


def _add(documents: Iterable[Document]) -> Iterator[Document]:
    for document in documents:
        found = blocks(document.aligned)
        title = next((Region(b.start, b.end) for b in found if b.kind == "title"), None)
        yield msgspec.structs.replace(document, blocks=found, title=title)

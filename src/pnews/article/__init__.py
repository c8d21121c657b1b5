"""The last stage: which part of the page is what."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from pnews.article.blocks import Line, parts
from pnews.article.quotations import quotations
from pnews.article.sources import sources
from pnews.document import BlockKind, Document, Entity, Region, Stage

TOLD = ("lede", "body", "caption")
"""The blocks that the article itself tells."""


def stage(*, body_only: bool = False) -> Stage:
    """The stage that adds `blocks`, `title`, `quotations` and `sources`, and each entity's `block`.

    `body_only` leaves out the entities in boilerplate, and clusters that are only there.
    """
    return lambda documents: _add(documents, body_only)


def _add(documents: Iterable[Document], body_only: bool) -> Iterator[Document]:
    for document in documents:
        lines = parts(document.aligned)
        found = tuple(line.block for line in lines)
        title = next((Region(b.start, b.end) for b in found if b.kind == "title"), None)
        told = [
            line.span for line in lines if line.block.kind in TOLD and line.block.repeats is None
        ]
        kept = _of_body(document, lines) if body_only else document
        yield msgspec.structs.replace(
            kept,
            entities=_placed(kept.entities, lines),
            blocks=found,
            title=title,
            quotations=quotations(kept, told),
            sources=sources(kept, told),
        )


def _kind(entity: Entity, lines: Sequence[Line]) -> BlockKind:
    """The kind of the block that a mention is in."""
    at = bisect_right(lines, entity.norm_start, key=lambda line: line.span[0]) - 1
    return lines[at].block.kind


def _placed(entities: Sequence[Entity], lines: Sequence[Line]) -> tuple[Entity, ...]:
    """The entities, each with its block."""
    return tuple(msgspec.structs.replace(entity, block=_kind(entity, lines)) for entity in entities)


def _of_body(document: Document, lines: Sequence[Line]) -> Document:
    """Less the entities in boilerplate."""
    entities = tuple(e for e in document.entities if _kind(e, lines) != "boilerplate")
    kept = {entity.id for entity in entities}
    clusters = [
        msgspec.structs.replace(
            cluster, mentions=tuple(mention for mention in cluster.mentions if mention in kept)
        )
        for cluster in document.clusters
    ]
    return msgspec.structs.replace(
        document, entities=entities, clusters=tuple(c for c in clusters if c.mentions)
    )

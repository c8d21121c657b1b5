"""Resolve: mentions of one document that mean the same, and what in the world they mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from pnews.document import Document, Stage


def stage() -> Stage:
    """The stage that adds `clusters` and sets each grouped entity's `cluster`."""
    return resolve


def resolve(documents: Iterable[Document]) -> Iterator[Document]:
    """Each document with its clusters; dates, times, money and percentages are in none."""
    from pnews.resolve.clusters import cluster

    for document in documents:
        clusters = tuple(cluster(document.entities))
        home = {mention: found.id for found in clusters for mention in found.mentions}
        entities = tuple(
            msgspec.structs.replace(entity, cluster=home.get(entity.id))
            for entity in document.entities
        )
        yield msgspec.structs.replace(document, entities=entities, clusters=clusters)

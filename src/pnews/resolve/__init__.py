"""Resolve: mentions of one document that mean the same, and what in the world they mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec

from pnews.document import Cluster, Document, Role, Stage
from pnews.errors import InputError

if TYPE_CHECKING:
    from pnews.resolve.knowledge import KnowledgeBase


def stage(*, kb: str | None = None, kb_only: bool = False) -> Stage:
    """The stage that adds `clusters` and sets each grouped entity's `cluster`.

    `kb` is a user's own table of names (`pnews.resolve.knowledge.read_own`), which comes before
    the shipped one, or with `kb_only` takes its place. Raises InputError for a faulty table.
    """
    from pnews.resolve.knowledge import KnowledgeBase, read_own

    if kb_only and not kb:
        raise InputError("--kb-only needs a table of names; give one with --kb FILE.tsv")
    base = KnowledgeBase(read_own(kb) if kb else None, shipped=not kb_only)
    return lambda documents: _resolve(documents, base)


def _resolve(documents: Iterable[Document], base: KnowledgeBase) -> Iterator[Document]:
    """Each document with its clusters; dates, times, money and percentages are in none."""
    from pnews.resolve.clusters import cluster
    from pnews.resolve.knowledge import using

    for document in documents:
        with using(base):
            clusters = tuple(cluster(document.entities, document.normalized))
        home = {mention: found.id for found in clusters for mention in found.mentions}
        entities = tuple(
            msgspec.structs.replace(entity, cluster=home.get(entity.id))
            for entity in document.entities
        )
        yield msgspec.structs.replace(
            document, entities=entities, clusters=tuple(_with_roles(document, clusters))
        )


def _with_roles(document: Document, clusters: tuple[Cluster, ...]) -> Iterator[Cluster]:
    """The clusters, those of persons with the offices that stand for them."""
    from pnews.resolve.roles import role_mentions

    spans = role_mentions(document.normalized, document.entities, clusters)
    for cluster in clusters:
        places = [document.aligned.source_span(*span) for span in spans.get(cluster.id, ())]
        roles = tuple(Role(document.text[start:end], start, end) for start, end in places)
        yield msgspec.structs.replace(cluster, roles=roles) if roles else cluster

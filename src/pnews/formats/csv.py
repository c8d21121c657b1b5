"""Entities as comma- or tab-separated values, a mention a row: for spreadsheets, for programs."""

from __future__ import annotations

import csv
import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator
from io import TextIOWrapper
from typing import BinaryIO

from pnews.document import Cluster, Document
from pnews.formats.values import value_of

COLUMNS = (
    "document", "date", "entity", "type", "text", "normalized", "start", "end",
    "cluster", "name", "name_en", "ids", "value", "number", "currency", "score", "block",
)  # fmt: skip
"""A row holds an entity's fields as the JSON has them, its cluster's id, name, English name and
ids (`wikidata:Q6279 geonames:1`), and its value as `value_of` gives it.
"""

Cell = str | int | float | None

_NO_CLUSTER = Cluster("", "PER", "", None, {}, ())

_BREAKS = re.compile(r"[\t\n\v\f\r\x85\u2028\u2029]+")

_FORMULA = re.compile(r"[=+\-@](?!\d+(?:\.\d+)?$)")


def write_csv(documents: Iterable[Document], stream: BinaryIO) -> None:
    """For spreadsheets: a byte-order mark, without which Excel takes UTF-8 for another encoding,
    and an apostrophe before text that it would run as a formula.
    """
    stream.write(BOM_UTF8)
    _write(documents, stream, ",", _no_formula)


def write_tsv(documents: Iterable[Document], stream: BinaryIO) -> None:
    """For programs: the same rows, nothing added."""
    _write(documents, stream, "\t", _one_line)


def _write(
    documents: Iterable[Document], stream: BinaryIO, delimiter: str, cell: Callable[[Cell], Cell]
) -> None:
    text = TextIOWrapper(stream, "utf-8", newline="")
    table = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    table.writerow(COLUMNS)
    for document in documents:
        table.writerows(map(cell, row) for row in _rows(document))
    text.flush()
    text.detach()


def _rows(document: Document) -> Iterator[tuple[Cell, ...]]:
    clusters = {cluster.id: cluster for cluster in document.clusters}
    for entity in document.entities:
        cluster = clusters.get(entity.cluster or "", _NO_CLUSTER)
        yield (
            document.id, document.meta.date, entity.id, entity.type, entity.text,
            entity.normalized, entity.start, entity.end, entity.cluster,
            cluster.name, cluster.name_en,
            " ".join(f"{key}:{value}" for key, value in cluster.ids.items()),
            *value_of(entity), entity.score, entity.block,
        )  # fmt: skip


def _one_line(cell: Cell) -> Cell:
    """A line break or tab becomes a space, so that a row is always a line."""
    return _BREAKS.sub(" ", cell) if isinstance(cell, str) else cell


def _no_formula(cell: Cell) -> Cell:
    """Text that begins as a formula does, and is no number, gets an apostrophe before it."""
    cell = _one_line(cell)
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell

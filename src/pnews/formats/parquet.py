"""Parquet: a row a document, the layers as nested columns with the names and types of the JSON.

The columns are made from the structs of `pnews.document`, as the JSON Schema is. What JSON writes
in one place with several types stands in several columns: see `value_of`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, BinaryIO

import msgspec
from msgspec import inspect

from pnews.document import Document, Entity, Meta
from pnews.formats.values import value_of

if TYPE_CHECKING:
    import pyarrow as pa

BATCH = 1 << 18
"""Characters of text that are turned into Arrow's columns at once."""

GROUP = 16 << 20
"""Bytes of Arrow's columns in a row group; what is held in memory."""


def write_parquet(documents: Iterable[Document], stream: BinaryIO) -> None:
    """All documents in one table, in row groups of about 16 MiB before compression.

    A layer that hasn't been run is null, one that found nothing an empty list.
    """
    import pyarrow as pa
    from pyarrow import parquet

    schema = arrow_schema()
    with parquet.ParquetWriter(stream, schema, compression="zstd") as writer:
        arrow = (pa.RecordBatch.from_pylist(rows, schema) for rows in _rows(documents))
        for batches in _full(arrow):
            writer.write_table(pa.Table.from_batches(batches, schema))


def arrow_schema() -> pa.Schema:
    """The table's columns."""
    import pyarrow as pa

    return pa.schema(list(_columns(inspect.type_info(Document))))


def _columns(struct: inspect.Type) -> Iterator[pa.Field]:
    import pyarrow as pa

    assert isinstance(struct, inspect.StructType)
    for field in struct.fields:
        if (struct.cls, field.name) == (Meta, "date"):
            yield pa.field("date", pa.date32())
        else:
            yield pa.field(field.encode_name, _column_type(field.type))
        if (struct.cls, field.name) == (Entity, "value"):
            yield from (pa.field("number", pa.float64()), pa.field("currency", pa.string()))


def _column_type(kind: inspect.Type) -> pa.DataType:
    import pyarrow as pa

    match kind:
        case inspect.StructType():
            return pa.struct(list(_columns(kind)))
        case inspect.VarTupleType(item_type=item):
            return pa.list_(_column_type(item))
        case inspect.DictType(key_type=key, value_type=inspect.StrType() as value):
            return pa.map_(_column_type(key), _column_type(value))
        case inspect.UnionType(types=(one, inspect.NoneType())):
            return _column_type(one)
        case inspect.IntType():
            return pa.int32()
        case inspect.FloatType():
            return pa.float64()
    return pa.string()


def _rows(documents: Iterable[Document]) -> Iterator[list[dict[str, Any]]]:
    rows: list[dict[str, Any]] = []
    size = 0
    for document in documents:
        rows.append(_row(document))
        size += len(document.text)
        if size >= BATCH:
            yield rows
            rows, size = [], 0
    if rows:
        yield rows


def _full(batches: Iterable[pa.RecordBatch]) -> Iterator[list[pa.RecordBatch]]:
    group: list[pa.RecordBatch] = []
    for batch in batches:
        group.append(batch)
        if sum(batch.nbytes for batch in group) >= GROUP:
            yield group
            group = []
    if group:
        yield group


def _row(document: Document) -> dict[str, Any]:
    row: dict[str, Any] = msgspec.to_builtins(document)
    if document.has("edits"):
        row["edits"] = [msgspec.structs.asdict(edit) for edit in document.edits]
    if document.extra:
        row["extra"] = msgspec.json.encode(document.extra).decode()
    if "meta" in row:
        row["meta"] = {**row["meta"], "date": _day(document.meta.date)}
    for entity, cells in zip(document.entities, row.get("entities", ()), strict=True):
        cells["value"], cells["number"], cells["currency"] = value_of(entity)
    return row


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def fields_of(row: dict[str, Any]) -> dict[str, Any]:
    """The JSON of a row of this table, as pyarrow gives it; what is null is absent."""
    fields = {name: cell for name, cell in row.items() if cell is not None}
    if "edits" in fields:
        fields["edits"] = [[edit["start"], edit["end"], edit["text"]] for edit in fields["edits"]]
    if "extra" in fields:
        fields["extra"] = msgspec.json.decode(fields["extra"])
    if "meta" in fields:
        meta = {name: cell for name, cell in fields["meta"].items() if cell is not None}
        fields["meta"] = meta | ({"date": meta["date"].isoformat()} if "date" in meta else {})
    for entity in fields.get("entities", ()):
        number, currency = entity.pop("number"), entity.pop("currency")
        if currency is not None:
            entity["value"] = {"amount": entity["value"], "currency": currency}
        elif number is not None:
            entity["value"] = number
    for cluster in fields.get("clusters", ()):
        cluster["ids"] = dict(cluster["ids"])
    return fields

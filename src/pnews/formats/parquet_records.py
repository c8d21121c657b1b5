"""Parquet: a record for each row."""

from __future__ import annotations

import io
from collections.abc import Iterator

from pnews.errors import InputError
from pnews.formats.items import Item, Reading, missing_column, record
from pnews.formats.parquet import arrow_schema, fields_of

ROWS = 64
"""Rows that are read at once."""


def read_parquet(stream: io.BufferedReader, place: str, id: str, how: Reading) -> Iterator[Item]:
    """Rows with their columns as fields; a table that pnews has written gives its documents.

    Raises InputError for a damaged file, one that can't be read from its end, a missing column,
    and without pyarrow.
    """
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    except ImportError:
        raise InputError(f"{place}: Parquet needs an extra: pip install 'pnews[parquet]'") from None
    if not stream.seekable():
        raise InputError(f"{place}: Parquet can't be read as a stream; unpack it into a file")
    number = 0
    try:
        table = ParquetFile(stream)
        if how.text_key not in table.schema_arrow.names:
            raise missing_column(place, table.schema_arrow.names, how)
        ours = table.schema_arrow.equals(arrow_schema())
        for batch in table.iter_batches(batch_size=ROWS, use_threads=False):
            for fields in batch.to_pylist():
                number += 1
                if ours:
                    fields = fields_of(fields)
                kept = {name: value for name, value in fields.items() if value is not None}
                yield record(f"{place}: row {number}", f"{id}:{number}", kept, how)
    except (ArrowException, OSError) as error:
        words = " ".join(str(error).split())
        raise InputError(f"{place}: not Parquet that can be read: {words}; get it again") from None

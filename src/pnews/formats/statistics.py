"""Statistics as tables for people, as JSON, or as rows for a spreadsheet."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator, Sequence
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any, BinaryIO

import msgspec

from pnews.formats.bidi import Bidi, shown, turned
from pnews.formats.table import name_cell
from pnews.formats.terminal import console_on
from pnews.statistics import Count, Name, Statistics

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    NameCell = Callable[[str], Text]

BAR = 24
"""Cells of the longest bar of a table."""
PLAIN_WIDTH = 120
"""Columns where the output is no terminal."""

TITLES = {
    "PER": "people", "LOC": "places", "ORG": "bodies", "FAC": "facilities",
    "EVENT": "events", "PRODUCT": "products",
}  # fmt: skip

COLUMNS = ("table", "group", "type", "name", "name_en", "id", "count", "documents")
"""Of the rows for a spreadsheet; `id` is `authority:identifier`, several with a blank between."""

Write = Callable[..., None]
"""Takes statistics and a stream."""


def write_json(found: Statistics, stream: BinaryIO) -> None:
    """One JSON object, laid out to be read."""
    stream.write(msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n")


def write_csv(found: Statistics, stream: BinaryIO) -> None:
    """One table (UTF-8, comma) of all rows under `COLUMNS`, whose first names the list.

    `named` counts mentions; `month`, `source` and `field` documents, and below each the names of
    its documents by mentions; `quoted` quotations, with their kind as group; `together` the
    sentences (or documents) that name one and, as group, the other.
    """
    text = TextIOWrapper(stream, "utf-8", newline="", write_through=True)
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    rows.writerows(_rows(found))
    text.detach()


def _rows(found: Statistics) -> Iterator[Sequence[object]]:
    for names in found.named.values():
        for named in names:
            yield "named", "", *_fields(named), named.mentions, named.documents
    for table, groups in (
        ("month", found.months), ("source", found.sources), ("field", found.by),
    ):  # fmt: skip
        for group in groups:
            yield table, group.name, "", "", "", "", group.documents, group.documents
            for count in group.names:
                yield table, group.name, "", count.name, "", "", count.mentions, ""
    for quoted in found.quoted:
        for kind in ("direct", "indirect"):
            yield "quoted", kind, *_fields(quoted), getattr(quoted, kind), quoted.documents
    for pair in found.together:
        yield "together", pair.other.name, *_fields(pair.one), pair.times, ""


def _fields(name: Name) -> tuple[str, ...]:
    return name.type, name.name, name.name_en or "", written_ids(name)


def written_ids(name: Name) -> str:
    """`wikidata:Q95 iso3166:IR`."""
    return " ".join(f"{authority}:{value}" for authority, value in name.ids.items())


def write_table(found: Statistics, stream: BinaryIO, *, bidi: Bidi = "auto") -> None:
    """A table with bars for each list; coloured only on a terminal."""
    from rich.text import Text

    console = console_on(stream, width=PLAIN_WIDTH)
    turn = turned(bidi, os.environ, terminal=console.is_terminal)
    console.print(Text(summary(found)))
    for table in _tables(found, lambda name: name_cell(name, console, turn)):
        console.print()
        console.print(table)


def summary(found: Statistics) -> str:
    """What was counted, in one line."""
    parts = [f"{found.documents} documents"]
    if found.first:
        parts.append(f"{found.first} to {found.last}")
    if found.undated and found.first:
        parts.append(f"{found.undated} without a date")
    kinds = (f"{found.distinct.get(type_, 0)} {title(type_)}" for type_ in found.named)
    return "; ".join([*parts, ", ".join(kinds)])


def title(type_: str) -> str:
    """`PER` -> `people`."""
    return TITLES.get(type_, type_)


def _tables(found: Statistics, cell: NameCell) -> Iterator[Table]:
    for type_, names in found.named.items():
        rows = [(one.mentions, one.name, one.name_en or "", one.documents) for one in names]
        name = f"{title(type_)} named most"
        yield from _table(name, ("English", "documents"), "mentions", rows, cell)
    for name, groups in (
        ("by month", found.months),
        ("by news source named", found.sources),
        (f"by {found.field}", found.by),
    ):
        grouped = [(group.documents, group.name, _counts(group.names, cell)) for group in groups]
        yield from _table(name, ("named most, mentions",), "documents", grouped, cell)
    quoted = [
        (one.direct + one.indirect, one.name, one.name_en or "", one.direct, one.documents)
        for one in found.quoted
    ]
    heads = ("English", "direct", "documents")
    unknown = f" ({found.unattributed} quotations have no known speaker)"
    name = f"quoted most{unknown if found.unattributed else ''}"
    yield from _table(name, heads, "quotations", quoted, cell)
    pairs = [(pair.times, pair.one.name, cell(pair.other.name)) for pair in found.together]
    name = f"named together in one {found.within}"
    yield from _table(name, ("with",), f"{found.within}s", pairs, cell)


def _counts(counts: Sequence[Count], cell: NameCell) -> Text:
    """Names with their mentions, one below the other."""
    from rich.text import Text

    lines = (Text.assemble(cell(count.name), f" {count.mentions}") for count in counts)
    return Text("\n").join(lines)


def _table(
    name: str,
    heads: Sequence[str],
    counted: str,
    rows: Sequence[tuple[Any, ...]],
    cell: NameCell,
) -> Iterator[Table]:
    """A table of rows `count, name, cells…`, or none where there are no rows."""
    from rich import box
    from rich.bar import Bar
    from rich.table import Table
    from rich.text import Text

    if not rows:
        return
    table = Table(title=Text(name), title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    table.add_column("name", justify="right", no_wrap=True)
    table.add_column(counted, justify="right", no_wrap=True)
    table.add_column("", max_width=BAR)
    for head in heads:
        english = head == "English"
        table.add_column(head, justify="left" if english else "right", no_wrap=not english)
    most = max(row[0] for row in rows)
    for count, who, *cells in rows:
        bar = Bar(most, 0, count, color="cyan")
        others = (one if isinstance(one, Text) else Text(shown(str(one))) for one in cells)
        table.add_row(cell(who), str(count), bar, *others)
    yield table


WRITERS: dict[str, Write] = {"table": write_table, "json": write_json, "csv": write_csv}

"""Statistics as tables for people, as JSON, or as rows for a spreadsheet."""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any, BinaryIO

import msgspec

from pnews.statistics import Group, Name, Statistics

if TYPE_CHECKING:
    from rich.table import Table

BAR = 24
"""Cells of the longest bar of a table."""
PLAIN_WIDTH = 120
"""Columns where the output is no terminal."""
UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")

TITLES = {
    "PER": "people", "LOC": "places", "ORG": "bodies", "FAC": "facilities",
    "EVENT": "events", "PRODUCT": "products",
}  # fmt: skip

COLUMNS = ("table", "group", "type", "name", "name_en", "id", "count", "documents")
"""Of the rows for a spreadsheet; `id` is `authority:identifier`, several with a blank between."""

Write = Callable[[Statistics, BinaryIO], None]


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


def write_table(found: Statistics, stream: BinaryIO) -> None:
    """A table with bars for each list; coloured only on a terminal."""
    from rich.console import Console
    from rich.text import Text

    with_terminal = stream is getattr(sys.stdout, "buffer", None) and sys.stdout.isatty()
    text = TextIOWrapper(stream, "utf-8", write_through=True)
    console = Console(
        file=text,
        force_terminal=with_terminal,
        width=None if with_terminal else PLAIN_WIDTH,
        highlight=False,
    )
    console.print(Text(summary(found)))
    for table in _tables(found):
        console.print()
        console.print(table)
    text.flush()
    text.detach()


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


def _tables(found: Statistics) -> Iterator[Table]:
    for type_, names in found.named.items():
        rows = [(one.mentions, one.name, one.name_en or "", one.documents) for one in names]
        yield from _table(f"{title(type_)} named most", ("English", "documents"), "mentions", rows)
    yield from _group_table("by month", found.months)
    yield from _group_table("by news source named", found.sources)
    yield from _group_table(f"by {found.field}", found.by)
    quoted = [
        (one.direct + one.indirect, one.name, one.name_en or "", one.direct, one.documents)
        for one in found.quoted
    ]
    heads = ("English", "direct", "documents")
    unknown = f" ({found.unattributed} quotations have no known speaker)"
    yield from _table(
        f"quoted most{unknown if found.unattributed else ''}", heads, "quotations", quoted
    )
    pairs = [(pair.times, pair.one.name, isolated(pair.other.name)) for pair in found.together]
    yield from _table(f"named together in one {found.within}", ("with",), f"{found.within}s", pairs)


def _group_table(name: str, groups: Sequence[Group]) -> Iterator[Table]:
    rows = [
        (
            group.documents,
            group.name,
            "\n".join(f"{isolated(count.name)} {count.mentions}" for count in group.names),
        )
        for group in groups
    ]
    yield from _table(name, ("named most, mentions",), "documents", rows)


def _table(
    name: str, heads: Sequence[str], counted: str, rows: Sequence[tuple[Any, ...]]
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
        table.add_row(Text(isolated(who)), str(count), bar, *(Text(str(cell)) for cell in cells))
    yield table


def isolated(name: str) -> str:
    """The name closed off (U+2068 … U+2069): a terminal that turns text round keeps the columns."""
    return f"\u2068{printable(name)}\u2069"


def printable(name: str) -> str:
    """The name without what would steer a terminal, break XML or turn text round."""
    return UNPRINTABLE.sub(" ", name)


WRITERS: dict[str, Write] = {"table": write_table, "json": write_json, "csv": write_csv}

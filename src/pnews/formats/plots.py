"""Statistics as a page with plots: matplotlib's SVG, whose letters the browser joins and orders.

The page holds all it shows, has no script and fetches nothing (its Content-Security-Policy says
so). It is read from the right; each plot has its figures below it, as a table.
"""

from __future__ import annotations

import html
import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from io import StringIO
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from pnews import data
from pnews.errors import InputError
from pnews.formats.bidi import shown
from pnews.formats.statistics import summary, title
from pnews.statistics import Group, Named, Statistics

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LINES = 5
"""Names whose months are drawn."""
WIDTH = 8.0
"""Inches, at 72 points each, which the page scales to its column."""
ROW = 0.3
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9")
"""Okabe and Ito's, told apart by the colour-blind."""
MARKERS = "osD^v"

LONGEST = 32
"""Characters of a name beside a plot."""

STYLE: Any = {
    "svg.fonttype": "none",  # letters stay letters
    "svg.hashsalt": "pnews",  # the same page for the same figures
    "text.parse_math": False,  # a dollar sign is one
    "font.size": 11,
    "font.family": ["DejaVu Sans"],  # comes with matplotlib, measures; the page names others
    "axes.spines.top": False,
    "axes.spines.left": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#767676",
    "figure.constrained_layout.use": True,
}
METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))


class Section(NamedTuple):
    """A plot with its figures."""

    persian: str
    english: str
    svg: str
    heads: tuple[str, ...]
    rows: Sequence[Sequence[object]]


def check() -> None:
    """Raises InputError where the plotting library isn't installed."""
    try:
        import matplotlib  # noqa: F401
    except ImportError:
        raise InputError(
            "--html needs matplotlib; install it: pip install 'pnews[plots]'"
        ) from None


def write_page(found: Statistics, stream: BinaryIO) -> None:
    """One HTML page; raises InputError where the plotting library isn't installed."""
    check()
    import matplotlib

    with matplotlib.rc_context(STYLE), warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of letters that only the browser has
        sections = "\n".join(_section(section) for section in _sections(found))
    page = data.path("statistics.html").read_text(encoding="utf-8")
    for name, value in (("SUMMARY", html.escape(summary(found))), ("SECTIONS", sections)):
        page = page.replace(f"<!-- {name} -->", value)
    stream.write(page.encode())


def _section(section: Section) -> str:
    cells = ("".join(f"<td>{_cell(cell)}</td>" for cell in row) for row in section.rows)
    rows = "".join(f"<tr>{row}</tr>\n" for row in cells)
    heads = "".join(f"<th>{html.escape(head)}</th>" for head in section.heads)
    persian, english = html.escape(section.persian), html.escape(section.english)
    return (
        f'<section>\n<h2>{persian} <small lang="en" dir="ltr">{english}</small></h2>\n'
        f"<figure>{section.svg}</figure>\n<details><summary>جدول</summary>\n"
        f"<table><thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}</tbody></table>\n"
        "</details>\n</section>"
    )


def _cell(cell: object) -> str:
    return f"<bdi>{html.escape(shown(str(cell)))}</bdi>"


def _sections(found: Statistics) -> Iterator[Section]:
    heads = ("نام", "English", "یادکرد", "سند")
    persian_names = {row[0]: row[2] for row in data.rows("entity_types")}
    by_name = {month.name: month for month in found.months}
    for type_, names in found.named.items():
        if names:
            persian = f"{persian_names[type_]}: بیشترین یادکرد"
            figures = [(one.name, one.name_en or "", one.mentions, one.documents) for one in names]
            svg = _bars([one.name for one in names], [one.mentions for one in names])
            yield Section(persian, f"{title(type_)}, mentions", svg, heads, figures)
    months = [by_name.get(name) or Group(name, 0, []) for name in every_month(list(by_name))]
    if found.months:
        yield _groups("سندها در هر ماه", "documents by month", months, _columns)
    shown = [one for names in found.named.values() for one in names]
    shown = sorted(shown, key=lambda one: -one.mentions)[:LINES]
    if len(months) > 1 and shown:
        names_of = [month.name for month in months]
        by_month = [(one.name, *(one.months.get(name, 0) for name in names_of)) for one in shown]
        yield Section(
            "پریادترین نام‌ها در گذر زمان", "mentions of the most named by month",
            _lines(names_of, shown), ("نام", *names_of), by_month,
        )  # fmt: skip
    if found.sources:
        yield _groups("منبع خبر", "documents by news source named", found.sources, _bars)
    if found.by:
        yield _groups(f"بر پایهٔ {found.field}", f"documents by {found.field}", found.by, _bars)
    if found.quoted:
        quoted = [(one.name, one.name_en or "", one.direct, one.indirect) for one in found.quoted]
        svg = _bars([one[0] for one in quoted], [one[2] for one in quoted], [o[3] for o in quoted])
        yield Section(
            "بیشترین نقل قول", "quotations: direct (dark), indirect (light)", svg,
            ("نام", "English", "مستقیم", "غیرمستقیم"), quoted,
        )  # fmt: skip
    if found.together:
        pairs = [(pair.one.name, pair.other.name, pair.times) for pair in found.together]
        yield Section(
            "چه کسی با چه کسی", f"named together in one {found.within}", _matrix(pairs),
            ("نام", "با", "بار"), pairs,
        )  # fmt: skip


def _groups(
    persian: str,
    english: str,
    groups: Sequence[Group],
    plot: Callable[[Sequence[str], Sequence[int]], str],
) -> Section:
    rows = [
        (
            group.name,
            group.documents,
            "، ".join(f"{count.name} ({count.mentions})" for count in group.names),
        )
        for group in groups
    ]
    svg = plot([group.name for group in groups], [group.documents for group in groups])
    return Section(persian, english, svg, ("", "سند", "بیشترین یادکرد"), rows)


def _bars(names: Sequence[str], counts: Sequence[int], more: Sequence[int] = ()) -> str:
    """Bars that grow leftwards from their names; `more` goes on where the first end."""
    figure, axes = _plot(ROW * len(names) + 0.6)
    places = range(len(names))
    axes.barh(places, counts, color=COLOURS[0])
    totals = list(counts)
    if more:
        axes.barh(places, more, left=counts, color=COLOURS[4])
        totals = [one + other for one, other in zip(counts, more, strict=True)]
    for place, total in enumerate(totals):
        axes.annotate(
            str(total), (total, place), (-4, 0), textcoords="offset points", ha="right", va="center"
        )
    axes.set_yticks(places, _labels(names))
    axes.yaxis.tick_right()
    axes.tick_params(axis="y", length=0)
    axes.set_xlim(max(totals) * 1.08, 0)
    axes.invert_yaxis()
    axes.xaxis.set_visible(False)
    axes.spines["bottom"].set_visible(False)
    return _svg(figure)


def _columns(names: Sequence[str], counts: Sequence[int]) -> str:
    """A column a month, in time from right to left."""
    figure, axes = _plot(2.6)
    axes.bar(range(len(names)), counts, color=COLOURS[0])
    _months_below(axes, names)
    return _svg(figure)


def _lines(months: Sequence[str], names: Sequence[Named]) -> str:
    """A line for each name over the months."""
    figure, axes = _plot(3.4)
    for colour, marker, one in zip(COLOURS, MARKERS, names, strict=False):
        counts = [one.months.get(month, 0) for month in months]
        (label,) = _labels([one.name])
        axes.plot(counts, color=colour, marker=marker, markersize=5, label=label)
    axes.set_ylim(bottom=0)
    axes.legend(loc="upper left", bbox_to_anchor=(1.08, 1), frameon=False, alignment="right")
    _months_below(axes, months)
    return _svg(figure)


MOST_MONTHS = 12
"""Labels below a plot."""
LONGEST_TIME = 1200
"""Months of which each has its place in a plot, with documents or without."""


def every_month(months: Sequence[str]) -> list[str]:
    """The months, those between them too: time runs evenly, unless a date is far off."""
    numbers = [int(month[:-3]) * 12 + int(month[-2:]) - 1 for month in months]
    if not numbers or numbers[-1] - numbers[0] >= LONGEST_TIME:
        return list(months)
    between = range(numbers[0], numbers[-1] + 1)
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in between]


def _months_below(axes: Axes, months: Sequence[str]) -> None:
    step = -(-len(months) // MOST_MONTHS)
    places = range(0, len(months), step)
    axes.set_xticks(places, [months[place] for place in places])
    axes.invert_xaxis()
    axes.yaxis.tick_right()
    axes.locator_params(axis="y", integer=True, nbins=5)
    axes.grid(axis="y", color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)


def _matrix(pairs: Sequence[tuple[str, str, int]]) -> str:
    """A square for each two that are named together, with how often."""
    names = list(dict.fromkeys(name for one, other, _ in pairs for name in (one, other)))
    number = {name: place for place, name in enumerate(names)}
    times = [[0] * len(names) for _ in names]
    for one, other, count in pairs:
        times[number[one]][number[other]] += count
        times[number[other]][number[one]] = times[number[one]][number[other]]
    figure, axes = _plot(0.42 * len(names) + 2.4)
    most = max(count for *_, count in pairs)
    axes.pcolormesh(times, cmap="Blues", vmin=0, vmax=most * 1.1)
    for row, counts in enumerate(times):
        for column, count in enumerate(counts):
            if count:
                colour = "white" if count > most * 0.6 else "black"
                middle = column + 0.5, row + 0.5
                axes.text(*middle, str(count), ha="center", va="center", color=colour, size=9)
    middles = [place + 0.5 for place in range(len(names))]
    axes.set_yticks(middles, _labels(names))
    axes.set_xticks(middles, _labels(names), rotation=50, ha="right", rotation_mode="anchor")
    axes.tick_params(length=0)
    axes.yaxis.tick_right()
    axes.invert_xaxis()
    axes.invert_yaxis()
    return _svg(figure)


def _plot(height: float) -> tuple[Any, Axes]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, height))
    return figure, figure.subplots()


def _labels(names: Sequence[str]) -> list[str]:
    """Names cut short."""
    whole = (shown(" ".join(name.split())) for name in names)
    return [name if len(name) <= LONGEST else name[: LONGEST - 1] + "…" for name in whole]


def _svg(figure: Any) -> str:
    """The figure's SVG element, as wide as its column."""
    text = StringIO()
    figure.savefig(text, format="svg", metadata=METADATA)
    svg = text.getvalue()[text.getvalue().index("<svg") :]
    return re.sub(r' (?:width|height)="[\d.]+pt"', "", svg, count=2)

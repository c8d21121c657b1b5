"""Who is named most, when, by whom and with whom."""

import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import msgspec
import pytest
from conftest import ROOT, Run

from pnews.document import Document
from pnews.errors import InputError
from pnews.formats.plots import every_month, write_page
from pnews.statistics import Count, Group, Statistics, Tally

WHO: dict[str, dict[str, Any]] = {
    "biden": {"type": "PER", "name": "جو بایدن", "name_en": "Joe Biden", "ids": {"wikidata": "1"}},
    "baku": {"type": "LOC", "name": "باکو", "name_en": "Baku", "ids": {"geonames": "587084"}},
    "aliyev": {"type": "PER", "name": "الهام علی\u200cاف", "name_en": None, "ids": {}},
    "isna": {"type": "ORG", "name": "ایسنا", "name_en": "ISNA", "ids": {}},
    "summit": {"type": "EVENT", "name": "نشست سران", "name_en": None, "ids": {}},
}


def document(
    *sentences: str,
    id: str = "1",
    date: str = "",
    quoted: Sequence[tuple[str | None, str]] = (),
    sources: Sequence[str] = (),
    who: dict[str, dict[str, Any]] = WHO,
    **extra: object,
) -> Document:
    """A document whose sentences name these: `document("biden baku", "biden")`."""
    place = {"start": 0, "end": 1}
    entities: list[dict[str, Any]] = []
    spans = []
    for number, sentence in enumerate(sentences):
        ends = {"norm_start": 100 * number, "norm_end": 100 * (number + 1)}
        spans.append({**place, **ends, "tokens": []})
        for at, key in enumerate(sentence.split(), 100 * number):
            text = {"id": f"e{len(entities)}", "text": key, "normalized": key, "score": 1}
            start = {"norm_start": at, "norm_end": at + 1}
            entities.append({**place, **start, **text, "type": who[key]["type"], "cluster": key})
    clusters = [
        {"id": key, **fields, "mentions": [e["id"] for e in entities if e["cluster"] == key]}
        for key, fields in who.items()
        if key in " ".join(sentences).split()
    ]
    fields = {
        "schema": 1,
        "id": id,
        "text": "متن",
        "normalized": "متن",
        "edits": [],
        "meta": {"date": date},
        "extra": extra,
        "sentences": spans,
        "entities": entities,
        "clusters": clusters,
        "quotations": [
            {**place, "text": "…", "speaker": speaker, "cue": "گفت", "kind": kind}
            for speaker, kind in quoted
        ],
        "sources": [
            {**place, "cluster": key if key in who else None, "text": key, "cue": "به نوشته"}
            for key in sources
        ],
    }
    return msgspec.convert(fields, Document)


def counted(*documents: Document, top: int = 10, **how: Any) -> Statistics:
    tally = Tally(**how)
    for one in documents:
        tally.add(one)
    return tally.statistics(top)


def named(found: Statistics, type_: str) -> list[tuple[str, int, int]]:
    return [(one.name, one.mentions, one.documents) for one in found.named[type_]]


def test_mentions_and_documents_are_counted_by_type() -> None:
    found = counted(document("biden biden baku", "aliyev"), document("biden summit"))

    assert named(found, "PER") == [("جو بایدن", 3, 2), ("الهام علی\u200cاف", 1, 1)]
    assert named(found, "LOC") == [("باکو", 1, 1)]
    assert found.distinct == {"PER": 2, "LOC": 1}
    assert "EVENT" not in found.named


def test_other_types_are_counted_when_asked_for() -> None:
    found = counted(document("biden summit"), types=["EVENT"])

    assert named(found, "EVENT") == [("نشست سران", 1, 1)]
    assert list(found.named) == ["EVENT"]


def test_clusters_of_one_id_are_one_whatever_their_names() -> None:
    other = {"biden": {**WHO["biden"], "name": "بایدن"}}

    found = counted(document("biden"), document("biden", who=other))

    assert named(found, "PER") == [("جو بایدن", 2, 2)]


def test_clusters_without_an_id_are_one_where_their_names_have_one_key() -> None:
    spaced = {"aliyev": {**WHO["aliyev"], "name": "الهام علی اف"}}
    place = {"aliyev": {**WHO["aliyev"], "type": "LOC"}}

    found = counted(
        document("aliyev"), document("aliyev", who=spaced), document("aliyev", who=place)
    )

    assert named(found, "PER") == [("الهام علی\u200cاف", 2, 2)]
    assert named(found, "LOC") == [("الهام علی\u200cاف", 1, 1)]


def test_top_cuts_each_list_but_not_the_months() -> None:
    found = counted(
        document("biden biden aliyev baku", date="2019-08-23"),
        document("biden", date="2019-09-01"),
        top=1,
    )

    assert named(found, "PER") == [("جو بایدن", 3, 2)]
    assert [month.name for month in found.months] == ["2019-08", "2019-09"]
    assert found.distinct["PER"] == 2
    assert len(found.together) == 1


def test_months_have_documents_and_names_and_names_have_months() -> None:
    found = counted(
        document("biden baku baku", date="2019-09-01"),
        document("biden", date="2019-09-30"),
        document("biden", date="2019-10-01"),
        document("biden"),
    )

    assert found.months == [
        Group("2019-09", 2, [Count("جو بایدن", 2), Count("باکو", 2)]),
        Group("2019-10", 1, [Count("جو بایدن", 1)]),
    ]
    assert found.named["PER"][0].months == {"2019-09": 2, "2019-10": 1}
    assert (found.undated, found.first, found.last) == (1, "2019-09-01", "2019-10-01")


def test_months_of_the_solar_year() -> None:
    found = counted(
        document("biden", date="2019-08-22"), document("biden", date="2019-08-23"), calendar="solar"
    )

    assert [(month.name, month.documents) for month in found.months] == [
        ("1398-05", 1),
        ("1398-06", 1),
    ]


def test_a_source_counts_once_a_document_by_cluster_or_by_text() -> None:
    found = counted(
        document("isna biden", sources=["isna", "isna"]),
        document("biden", sources=["ایسنا", "راهبرد معاصر"]),
    )

    assert found.sources == [
        Group("ایسنا", 2, [Count("جو بایدن", 2), Count("ایسنا", 1)]),
        Group("راهبرد معاصر", 1, [Count("جو بایدن", 1)]),
    ]


def test_documents_are_counted_by_a_field_of_their_own() -> None:
    found = counted(
        document("biden", agency="isna.ir", tags=["سیاست", "جهان"], year=1398),
        document("baku", agency=" isna.ir\n", tags=[]),
        document("baku"),
        by="agency",
    )

    assert (found.field, found.by) == (
        "agency",
        [Group("isna.ir", 2, [Count("جو بایدن", 1), Count("باکو", 1)])],
    )


@pytest.mark.parametrize(
    ("field", "names"), [("tags", ["سیاست", "جهان"]), ("year", ["1398"]), ("live", ["true"])]
)
def test_lists_count_each_item_and_numbers_as_written(field: str, names: list[str]) -> None:
    found = counted(
        document("biden", tags=["سیاست", "جهان", "سیاست"], year=1398, live=True), by=field
    )

    assert [(group.name, group.documents) for group in found.by] == [(name, 1) for name in names]


def test_a_field_that_no_document_has_is_named_with_those_there_are() -> None:
    with pytest.raises(InputError, match=r"--by agenci: no document has this field; .* agency, t"):
        counted(document("biden", agency="isna.ir", t="1"), by="agenci")


def test_who_is_quoted() -> None:
    found = counted(
        document("biden", quoted=[("biden", "direct"), ("biden", "indirect"), (None, "direct")]),
        document("biden aliyev", quoted=[("biden", "direct"), ("aliyev", "direct")]),
    )

    assert [(one.name, one.direct, one.indirect, one.documents) for one in found.quoted] == [
        ("جو بایدن", 2, 1, 2),
        ("الهام علی\u200cاف", 1, 0, 1),
    ]
    assert found.unattributed == 1


def together(found: Statistics) -> list[tuple[str, str, int]]:
    return [(pair.one.name, pair.other.name, pair.times) for pair in found.together]


def test_who_is_named_with_whom_in_a_sentence() -> None:
    found = counted(document("biden baku biden", "aliyev", "baku biden"))

    assert together(found) == [("جو بایدن", "باکو", 2)]


def test_who_is_named_with_whom_in_a_document() -> None:
    found = counted(document("biden baku biden", "aliyev", "baku biden"), within="document")

    assert sorted(together(found)) == [
        ("باکو", "الهام علی\u200cاف", 1),
        ("جو بایدن", "الهام علی\u200cاف", 1),
        ("جو بایدن", "باکو", 1),
    ]


def test_what_is_not_annotated_is_named() -> None:
    bare = msgspec.convert({"id": "7", "text": "باکو"}, Document)

    with pytest.raises(InputError, match=r"7: not annotated; run pnews annotate"):
        counted(bare)


def test_a_document_without_sentences_can_be_counted_by_document() -> None:
    fields = {
        name: value
        for name, value in msgspec.to_builtins(document("biden baku")).items()
        if name != "sentences"
    }
    bare = msgspec.convert(fields, Document)

    assert len(counted(bare, within="document").together) == 1
    with pytest.raises(InputError, match="no sentences; count with --within document"):
        counted(bare)


NEWS = [
    {"text": "جو بایدن در باکو با الهام علیاف دیدار کرد.", "date": "2022-05-28", "agency": "ایسنا"},
    {"text": "جو بایدن دیروز از باکو بازگشت.", "date": "2022-06-01", "agency": "=ایرنا"},
]


@pytest.fixture
def lines(pnews: Run) -> str:
    """Two articles, annotated."""
    records = "\n".join(json.dumps(record) for record in NEWS)
    return pnews("annotate", "-f", "jsonl", stdin=records).out


def test_the_command_reads_what_annotate_wrote(pnews: Run, lines: str, tmp_path: Path) -> None:
    (tmp_path / "out.jsonl").write_text(lines, encoding="utf-8")

    piped = pnews("stats", "--format", "json", stdin=lines)
    read = pnews("stats", "--format", "json", tmp_path / "out.jsonl")

    found = json.loads(piped.out)
    assert piped.out == read.out
    assert found["documents"] == 2
    assert found["named"]["PER"][0]["name_en"] == "Joe Biden"
    assert found["named"]["PER"][0]["documents"] == 2
    assert found["within"] == "sentence"


def test_the_table_is_plain_where_there_is_no_terminal(pnews: Run, lines: str) -> None:
    out = pnews("stats", "--by", "agency", stdin=lines).out

    assert "\x1b" not in out
    assert out.startswith("2 documents; 2022-05-28 to 2022-06-01; 2 people, ")
    for title in ("people named most", "by month", "by agency", "named together in one sentence"):
        assert title in out
    biden, aliyev = (next(row for row in out.splitlines() if name in row) for name in ("Joe", "Il"))
    assert biden.count("█") == 2 * aliyev.count("█") == 24


def test_the_rows_for_a_spreadsheet(pnews: Run, lines: str) -> None:
    out = pnews("stats", "--format", "csv", "--by", "agency", stdin=lines).out

    rows = list(csv.DictReader(io.StringIO(out)))
    biden = next(row for row in rows if row["table"] == "named" and row["type"] == "PER")
    assert (biden["name_en"], biden["count"], biden["documents"]) == ("Joe Biden", "2", "2")
    assert biden["id"].startswith("wikidata:Q")
    assert {row["table"] for row in rows} >= {"named", "month", "field", "together"}
    assert [row["group"] for row in rows if row["table"] == "month" and row["documents"]] == [
        "2022-05",
        "2022-06",
    ]


def test_bad_input_is_one_line(pnews: Run, lines: str) -> None:
    plain = pnews("stats", stdin="جو بایدن به باکو رفت.")
    field = pnews("stats", "--by", "x", stdin=lines)

    assert (plain.status, field.status) == (2, 2)
    assert plain.err == "pnews: -: not annotated; run pnews annotate or pnews batch first\n"
    assert field.err == "pnews: --by x: no document has this field; the fields are: agency\n"


class Page(HTMLParser):
    """The tags of a page, their attributes and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def page(found: Statistics) -> tuple[str, Page]:
    stream = io.BytesIO()
    write_page(found, stream)
    text = stream.getvalue().decode()
    return text, Page(text)


def test_the_page_has_a_plot_for_each_list_with_its_letters_as_letters() -> None:
    several = [
        document(
            "biden baku", "isna aliyev", date=date, agency="isna.ir", sources=["isna"],
            quoted=[("biden", "direct"), ("aliyev", "indirect")],
        )
        for date in ("2019-08-23", "2019-09-01")
    ]  # fmt: skip

    text, parsed = page(counted(*several, by="agency"))

    assert parsed.tags.count("svg") == parsed.tags.count("details") == 9
    drawn = re.findall(r"<text [^>]*>([^<]+)</text>", text)
    assert {"جو بایدن", "الهام علی\u200cاف", "2019-08"} <= set(drawn)
    assert '<html lang="fa" dir="rtl">' in text


def test_the_page_fetches_and_runs_nothing() -> None:
    text, parsed = page(counted(document("biden baku", date="2019-09-01")))

    assert "default-src 'none'" in text
    assert not {"script", "img", "link", "iframe", "object"} & set(parsed.tags)
    assert all(
        value.startswith("#") for name, value in parsed.attributes if name in ("href", "xlink:href")
    )
    assert not re.search(r"url\((?!#)|@import", text)


def test_hostile_names_are_text_and_nothing_else() -> None:
    evil = "<script>x</script>$\\frac12$\u202eوا\x00\x0b"
    who = {"evil": {**WHO["aliyev"], "name": evil}, "baku": WHO["baku"]}

    text, parsed = page(counted(document("evil baku", who=who, x="<b>"), by="x"))

    assert "script" not in parsed.tags
    assert "b" not in parsed.tags
    assert not re.search("[\x00-\x08\x0b\u202e]", text)
    drawn = re.findall(r"<text [^>]*>([^<]+)</text>", text)
    assert any("$\\frac12$" in label for label in drawn)


def test_hostile_names_do_not_steer_a_terminal(pnews: Run, lines: str) -> None:
    evil = lines.replace('"agency":"ایسنا"', '"agency":"\\u001b[2J\\u202eایسنا"')
    assert evil != lines

    out = pnews("stats", "--by", "agency", stdin=evil).out

    assert "\x1b" not in out
    assert "\u202e" not in out


def test_time_runs_evenly() -> None:
    assert every_month(["2019-11", "2020-02"]) == ["2019-11", "2019-12", "2020-01", "2020-02"]
    assert every_month(["1398-06"]) == ["1398-06"]
    assert every_month(["0001-01", "2020-02"]) == ["0001-01", "2020-02"]
    assert every_month([]) == []


def test_the_same_counts_give_the_same_page() -> None:
    one, other = (page(counted(document("biden baku", date="2019-09-01")))[0] for _ in "ab")

    assert one == other


def test_without_the_plotting_library_the_extra_is_named(lines: str, tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['matplotlib'] = None\n"
        f"sys.argv = ['pnews', 'stats', '--html', {str(tmp_path / 'x.html')!r}]\n"
        "from pnews.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=lines, capture_output=True, text=True, cwd=ROOT
    )

    assert done.returncode == 2
    assert "pip install 'pnews[plots]'" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "x.html").exists()

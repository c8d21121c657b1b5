"""Files of many documents: each read back by something else, and compared with the JSON."""

from __future__ import annotations

import csv
import gzip
import json
import sqlite3
import sys
import tarfile
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import closing
from importlib import import_module, util
from pathlib import Path
from typing import Any

import msgspec
import pytest
from conftest import ROOT, SEED, Run

from pnews import Pipeline
from pnews.document import Document, Entity, Money, new_document
from pnews.errors import InputError
from pnews.formats import FORMATS, OUTPUTS, output_format, parquet, sqlite, write_file
from pnews.formats.read import read

NAMES = [f"out{FORMATS[name].endings[0]}" for name in OUTPUTS]

HALF_SPACE = "\u200c"


@pytest.fixture(scope="module")
def documents() -> list[Document]:
    """The example articles and the seed, dated, with fields of their own; one has no layer."""
    paths = [*sorted((ROOT / "examples" / "articles").glob("*.txt")), SEED]
    given = [
        msgspec.structs.replace(document, extra={"number": number, "tags": ["خبر", None]})
        for number, document in enumerate(read(map(str, paths), date="2023-09-05"))
    ]
    empty = new_document("بی" + HALF_SPACE + "لایه", id="none")
    return [*Pipeline()(given), empty]


@pytest.fixture(scope="module")
def objects(documents: list[Document]) -> list[dict[str, Any]]:
    return [json.loads(msgspec.json.encode(document)) for document in documents]


Written = Callable[..., Path]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    def write(name: str, documents: list[Document]) -> Path:
        write_file(iter(documents), str(tmp_path / name))
        return tmp_path / name

    return write


def example(text: str, *entities: Entity, id: str = "a") -> Document:
    document = new_document(text, id=id)
    return msgspec.structs.replace(document, normalized=text, edits=(), entities=entities)


def mention(text: str, start: int, end: int, **fields: Any) -> Entity:
    said = text[start:end]
    return Entity(
        "e1", fields.pop("type", "PER"), said, said, start, end, start, end, 1.0, **fields
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_same_documents_give_the_same_bytes(
    name: str, documents: list[Document], written: Written
) -> None:
    once = written(name, documents).read_bytes()
    assert once
    assert written(f"again-{name}", documents).read_bytes() == once


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_written_whole_or_not_at_all(
    name: str, documents: list[Document], tmp_path: Path
) -> None:
    def broken() -> Iterator[Document]:
        yield documents[0]
        raise RuntimeError

    (tmp_path / name).write_bytes(b"old")
    with pytest.raises(RuntimeError):
        write_file(broken(), str(tmp_path / name))
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_bytes() == b"old"


@pytest.mark.parametrize("name", NAMES)
def test_no_document_is_a_file_too(name: str, written: Written) -> None:
    assert written(name, []).exists()


@pytest.mark.parametrize("name", NAMES)
def test_memory_does_not_grow_with_the_documents(
    name: str, documents: list[Document], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "BATCH", 2000)
    monkeypatch.setattr(parquet, "GROUP", 100_000)
    raw = msgspec.json.encode(documents[0])

    def peak(times: int) -> int:
        tracemalloc.start()
        copies = (msgspec.json.decode(raw, type=Document) for _ in range(times))
        write_file(copies, str(tmp_path / name))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(2)  # imports
    assert peak(320) < 2 * peak(40) + 200_000


@pytest.mark.parametrize(
    ("name", "to", "expected"),
    [
        ("-", None, "jsonl"),
        ("a.jsonl", None, "jsonl"),
        ("a.b.JSONL.GZ", None, "jsonl.gz"),
        ("a.db", None, "sqlite"),
        ("a.brat.tar.gz", None, "brat"),
        ("a.db", "parquet", "parquet"),
        ("-", "csv", "csv"),
    ],
)
def test_the_name_chooses_the_format(name: str, to: str | None, expected: str) -> None:
    assert output_format(name, to) == expected


def test_an_unknown_ending_is_told_with_those_that_are_known() -> None:
    with pytest.raises(InputError, match=r"^out\.doc: no format ends like this.*\.parquet.*--to$"):
        output_format("out.doc")
    with pytest.raises(InputError, match=r"^out\.doc: 'table' is no file format; use one of jsonl"):
        output_format("out.doc", "table")


def test_a_format_whose_extra_is_missing_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    told = r"^a\.parquet: parquet needs pyarrow .*; pip install 'pnews\[parquet\]'$"
    with pytest.raises(InputError, match=told):
        output_format("a.parquet")
    assert output_format("a.jsonl") == "jsonl"


def test_annotate_writes_what_its_output_is_called(pnews: Run, tmp_path: Path) -> None:
    assert pnews("annotate", SEED, "-o", tmp_path / "news.db").status == 0
    with closing(sqlite3.connect(tmp_path / "news.db")) as db:
        assert db.execute("SELECT id FROM documents").fetchall() == [(SEED.name,)]
    assert pnews("annotate", SEED, "-o", tmp_path / "news.jsonl").status == 0
    assert (tmp_path / "news.jsonl").read_bytes().count(b"\n") == 1


# JSON Lines


def test_compressed_json_lines_are_the_json_lines(
    documents: list[Document], written: Written
) -> None:
    plain = written("out.jsonl", documents).read_bytes()
    packed = written("out.jsonl.gz", documents).read_bytes()
    assert gzip.decompress(packed) == plain
    assert packed[3:8] == bytes(5)  # no file name, no time
    zstd = "compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd"
    frame = written("out.jsonl.zst", documents).read_bytes()
    assert import_module(zstd).decompress(frame) == plain


# Parquet


def as_json(row: dict[str, Any]) -> dict[str, Any]:
    """What a row of the Parquet file says, as the JSON says it."""
    found = {key: value for key, value in row.items() if value is not None}
    if "edits" in found:
        found["edits"] = [[edit["start"], edit["end"], edit["text"]] for edit in found["edits"]]
    if "extra" in found:
        found["extra"] = json.loads(found["extra"])
    meta = {key: value for key, value in found["meta"].items() if value}
    found["meta"] = meta | ({"date": meta["date"].isoformat()} if "date" in meta else {})
    for entity in found.get("entities", ()):
        number, currency = entity.pop("number"), entity.pop("currency")
        if currency:
            entity["value"] = {"amount": entity["value"], "currency": currency}
        elif number is not None:
            entity["value"] = number
    for cluster in found.get("clusters", ()):
        cluster["ids"] = dict(cluster["ids"])
    return found


def test_parquet_holds_what_the_json_holds(
    documents: list[Document], objects: list[dict[str, Any]], written: Written
) -> None:
    from pyarrow.parquet import read_table

    rows = read_table(written("out.parquet", documents)).to_pylist()
    assert any(entity["currency"] for row in rows for entity in row["entities"] or ())
    assert [as_json(row) for row in rows] == objects


def test_parquet_is_read_as_the_documents_that_it_holds(
    documents: list[Document], written: Written
) -> None:
    layered = [document for document in documents if document.has("edits")]
    normalized = next(Pipeline(last="normalize")(documents[-1:]))
    path = written("out.parquet", [*layered, normalized])
    assert list(read([str(path)])) == [*layered, normalized]


def test_parquet_has_types() -> None:
    import pyarrow as pa

    schema = parquet.arrow_schema()
    entity = schema.field("entities").type.value_type
    assert schema.field("meta").type.field("date").type == pa.date32()
    assert entity.field("start").type == pa.int32()
    assert entity.field("number").type == pa.float64()
    assert schema.field("clusters").type.value_type.field("ids").type == pa.map_(
        pa.string(), pa.string()
    )


def test_parquet_is_written_in_row_groups(
    documents: list[Document], written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pyarrow.parquet import ParquetFile

    monkeypatch.setattr(parquet, "BATCH", 1)
    monkeypatch.setattr(parquet, "GROUP", 1)
    with ParquetFile(written("out.parquet", documents)) as file:
        assert file.num_row_groups == len(documents)
        assert file.read()["id"].to_pylist() == [document.id for document in documents]


# SQLite


@pytest.fixture(scope="module")
def news(
    documents: list[Document], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[sqlite3.Connection]:
    path = tmp_path_factory.mktemp("sqlite") / "news.db"
    write_file(documents, str(path))
    with closing(sqlite3.connect(path)) as db:
        db.row_factory = sqlite3.Row
        yield db


def of_document(
    objects: list[dict[str, Any]], layer: str
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    return ((document, item) for document in objects for item in document.get(layer, ()))


def test_sqlite_holds_what_it_should(
    news: sqlite3.Connection, objects: list[dict[str, Any]]
) -> None:
    found = news.execute("SELECT * FROM documents ORDER BY key").fetchall()
    for row, document in zip(found, objects, strict=True):
        assert {key: row[key] for key in ("id", "text", "normalized", "date", "model")} == {
            "id": document["id"],
            "text": document["text"],
            "normalized": document.get("normalized", ""),
            "date": document["meta"].get("date"),
            "model": document["meta"].get("model", ""),
        }
        assert json.loads(row["extra"]) == document.get("extra", {})
    rows = news.execute(
        'SELECT d.id AS d, e.id, e.type, e.text, e.normalized, e.start, e."end", e.norm_start,'
        " e.norm_end, e.score, c.id AS cluster, e.block, e.value, e.number, e.currency"
        " FROM entities e JOIN documents d ON d.key = e.document"
        " LEFT JOIN clusters c ON c.key = e.cluster ORDER BY e.key"
    ).fetchall()
    for row, (document, entity) in zip(rows, of_document(objects, "entities"), strict=True):
        said = dict(row)
        assert said.pop("d") == document["id"]
        number, currency = said.pop("number"), said.pop("currency")
        if currency:
            said["value"] = {"amount": said["value"], "currency": currency}
        elif number is not None:
            said["value"] = number
        assert said == entity


def test_sqlite_holds_clusters_quotations_and_sources(
    news: sqlite3.Connection, objects: list[dict[str, Any]]
) -> None:
    rows = news.execute("SELECT * FROM clusters ORDER BY key").fetchall()
    for row, (_, cluster) in zip(rows, of_document(objects, "clusters"), strict=True):
        place = cluster["place"] or {"country": None, "latitude": None, "longitude": None}
        assert {key: row[key] for key in place} == place
        assert json.loads(row["ids"]) == cluster["ids"]
        for key in ("id", "type", "name", "name_en"):
            assert row[key] == cluster[key]
    rows = news.execute(
        'SELECT q.kind, q.cue, q.text, q.start, q."end", c.id AS speaker'
        " FROM quotations q LEFT JOIN clusters c ON c.key = q.speaker ORDER BY q.key"
    ).fetchall()
    assert [dict(row) for row in rows] == [said for _, said in of_document(objects, "quotations")]
    rows = news.execute(
        'SELECT s.cue, s.text, s.start, s."end", c.id AS cluster'
        " FROM sources s LEFT JOIN clusters c ON c.key = s.cluster ORDER BY s.key"
    ).fetchall()
    assert rows
    assert [dict(row) for row in rows] == [source for _, source in of_document(objects, "sources")]


def test_sqlite_is_sound(news: sqlite3.Connection) -> None:
    assert news.execute("PRAGMA foreign_key_check").fetchall() == []
    assert news.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    news.execute("INSERT INTO documents_fts (documents_fts, rank) VALUES ('integrity-check', 1)")


def test_a_full_disk_is_an_error_of_the_system(
    documents: list[Document], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = "PRAGMA max_page_count = 20;" + sqlite.TABLES
    monkeypatch.setattr(sqlite, "TABLES", small)
    with pytest.raises(OSError, match="database or disk is full"):
        write_file(documents, str(tmp_path / "a.db"))
    assert list(tmp_path.iterdir()) == []


def test_datasette_finds_the_index(news: sqlite3.Connection) -> None:
    (sql,) = news.execute("SELECT sql FROM sqlite_master WHERE name = 'documents_fts'").fetchone()
    assert 'content="documents"' in sql


def test_the_title_is_normalised(news: sqlite3.Connection) -> None:
    (title,) = news.execute("SELECT title FROM documents WHERE id = ?", (SEED.name,)).fetchone()
    assert title.startswith("نامه بایدن به الهام علی\u200cاف درباره")


@pytest.mark.parametrize(
    "query",
    [
        "علی\u200cاف", "علیاف", "علی اف",
        "الهام علیاف", '"الهام علیاف"', '"الهام علی\u200cاف"', '"الهام علی اف"',
        "می\u200cکند", "میکند", "می کند", '"می کند"',
    ],
)  # fmt: skip
def test_a_word_is_found_however_its_half_spaces_are_typed(
    query: str, news: sqlite3.Connection
) -> None:
    sql = (
        "SELECT id FROM documents JOIN documents_fts ON documents_fts.rowid = documents.key"
        " WHERE documents_fts MATCH ?"
    )
    assert SEED.name in [row["id"] for row in news.execute(sql, (query,))]


def test_words_are_found_without_their_vowel_signs_and_with_other_digits(written: Written) -> None:
    text = "مدیر مؤثّر حتماً در سال ۱۴۰۲ کتاب\u200cهای تازه\u200cای نوشت"
    path = written("fts.db", [example(text)])
    with closing(sqlite3.connect(path)) as db:

        def found(query: str) -> list[str]:
            sql = (
                "SELECT highlight(documents_fts, 0, '[', ']') FROM documents_fts"
                " WHERE documents_fts MATCH ?"
            )
            return [row[0] for row in db.execute(sql, (query,))]

        for query in ("مؤثر", "مؤثّر", "حتما", "1402", "۱۴۰۲", "کتابهای", "تازهای", "کتاب*"):
            assert found(query), query
        assert found("کتاب") == [text.replace("کتاب", "[کتاب]")]
        assert found("کتابخانه") == []


def test_a_database_can_be_searched_in_part_and_ranked(news: sqlite3.Connection) -> None:
    sql = (
        "SELECT snippet(documents_fts, 0, '<', '>', '…', 4) AS part FROM documents_fts"
        " WHERE documents_fts MATCH 'اوپک' ORDER BY rank"
    )
    assert "<اوپک>" in news.execute(sql).fetchone()["part"]


# CSV and TSV


def cells(entity: dict[str, Any], document: dict[str, Any]) -> dict[str, str]:
    clusters = {cluster["id"]: cluster for cluster in document["clusters"]}
    cluster = clusters.get(entity["cluster"]) or {"name": "", "name_en": "", "ids": {}}
    value = entity["value"]
    amount = value["amount"] if isinstance(value, dict) else value
    return {
        "document": document["id"],
        "date": document["meta"].get("date", ""),
        "entity": entity["id"],
        "type": entity["type"],
        "text": entity["text"],
        "normalized": entity["normalized"],
        "start": str(entity["start"]),
        "end": str(entity["end"]),
        "cluster": entity["cluster"] or "",
        "name": cluster["name"],
        "name_en": cluster["name_en"] or "",
        "ids": " ".join(f"{key}:{value}" for key, value in cluster["ids"].items()),
        "value": "" if amount is None else str(amount),
        "currency": value["currency"] if isinstance(value, dict) else "",
        "score": str(entity["score"]),
        "block": entity["block"] or "",
    }


@pytest.mark.parametrize(
    ("name", "encoding", "delimiter"), [("a.csv", "utf-8-sig", ","), ("a.tsv", "utf-8", "\t")]
)
def test_a_row_a_mention(
    name: str,
    encoding: str,
    delimiter: str,
    documents: list[Document],
    objects: list[dict[str, Any]],
    written: Written,
) -> None:
    with written(name, documents).open(encoding=encoding, newline="") as file:
        rows = list(csv.DictReader(file, delimiter=delimiter))
    expected = [cells(entity, document) for document, entity in of_document(objects, "entities")]
    numbers = [row.pop("number") for row in rows]
    assert rows == expected
    assert "85.0" in numbers


def test_a_csv_begins_with_a_byte_order_mark_and_a_tsv_does_not(
    documents: list[Document], written: Written
) -> None:
    assert written("a.csv", documents).read_bytes().startswith(b"\xef\xbb\xbfdocument,date,")
    assert written("a.tsv", documents).read_bytes().startswith(b"document\tdate\t")


def test_a_line_break_in_a_mention_does_not_break_its_row(written: Written) -> None:
    text = "جو\r\nبایدن\tرفت"
    path = written("a.tsv", [example(text, mention(text, 0, len(text)))])
    lines = path.read_bytes().decode().split("\n")
    assert len(lines) == 3
    assert lines[1].split("\t")[4] == "جو بایدن رفت"


@pytest.mark.parametrize(
    ("text", "in_csv"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("@sum", "'@sum"),
        ("-2+cmd", "'-2+cmd"),
        ("-۵ درصد", "'-۵ درصد"),
        ("-2.5", "-2.5"),
        ("\n=1+1", " =1+1"),
        ("a=1", "a=1"),
    ],
)
def test_text_that_a_spreadsheet_would_run_is_disarmed_in_csv_only(
    text: str, in_csv: str, written: Written
) -> None:
    documents = [example(text, mention(text, 0, len(text)))]
    with written("a.csv", documents).open(encoding="utf-8-sig", newline="") as file:
        assert next(csv.DictReader(file))["text"] == in_csv
    with written("a.tsv", documents).open(encoding="utf-8", newline="") as file:
        assert next(csv.DictReader(file, delimiter="\t"))["text"] == text.replace("\n", " ")


def test_values_have_a_column_to_sum_and_a_range_has_not(written: Written) -> None:
    text = "پنج تا ده دلار"
    given = (Money("5", "USD"), Money("5/10", "USD"), 2.5, "60/70", "2023-09-05")
    entities = [mention(text, 0, 3, type="MONEY", value=value) for value in given]
    with written("a.csv", [example(text, *entities)]).open(encoding="utf-8-sig") as file:
        rows = [(row["value"], row["number"], row["currency"]) for row in csv.DictReader(file)]
    assert rows == [
        ("5", "5.0", "USD"),
        ("5/10", "", "USD"),
        ("2.5", "2.5", ""),
        ("60/70", "", ""),
        ("2023-09-05", "", ""),
    ]


# CoNLL


def test_conll_has_every_token(documents: list[Document], written: Written) -> None:
    lines = written("a.conll", documents).read_text(encoding="utf-8").splitlines()
    tokens = [line.split("\t")[0] for line in lines if "\t" in line]
    assert tokens == [token.text for document in documents for token in document.tokens]
    begun = sum("\tB-" in line for line in lines)
    assert begun == sum(len(document.entities) for document in documents)


# brat


def unpacked(path: Path) -> dict[str, str]:
    with tarfile.open(path) as archive:
        members = archive.getmembers()
        assert all(member.isfile() and member.mtime == 0 for member in members)
        streams = [(member.name, archive.extractfile(member)) for member in members]
        return {name: stream.read().decode() for name, stream in streams if stream}


def test_brat_annotations_are_places_in_the_text_as_read(
    documents: list[Document], written: Written
) -> None:
    files = unpacked(written("a.brat.tar.gz", documents))
    assert "PER\n" in files.pop("annotation.conf")
    assert len(files) == 2 * len(documents)
    names = sorted(name for name in files if name.endswith(".txt"))
    for name, document in zip(names, documents, strict=True):
        text = files[name]
        assert text == document.text
        marks = [
            line.split("\t")
            for line in files[name.removesuffix("txt") + "ann"].splitlines()
            if line.startswith("T")
        ]
        assert len(marks) == len(document.entities)
        for (_, place, said), entity in zip(marks, document.entities, strict=True):
            kind, _, spans = place.partition(" ")
            pieces = [tuple(map(int, span.split())) for span in spans.split(";")]
            assert kind == entity.type
            assert (pieces[0][0], pieces[-1][1]) == (entity.start, entity.end)
            assert " ".join(text[start:end] for start, end in pieces) == said


def test_brat_has_ids_and_values(documents: list[Document], written: Written) -> None:
    files = unpacked(written("a.brat.tar.gz", documents))
    annotations = files["0000002-economy.ann"].splitlines()
    (dollars,) = (line.split("\t")[0] for line in annotations if line.endswith("\t۸۵ دلار"))
    assert f"#{dollars[1:]}\tAnnotatorNotes {dollars}\t85 USD" in annotations
    seed = files[f"0000004-{SEED.stem}.ann"]
    assert "\tReference T1 wikidata:Q6279\tJoe Biden\n" in seed


def test_a_mention_over_two_lines_is_in_pieces(written: Written) -> None:
    text = "دیدار جو\r\nبایدن"
    files = unpacked(written("a.brat.tar.gz", [example(text, mention(text, 6, len(text)))]))
    assert files["0000001-a.ann"] == "T1\tPER 6 8;10 15\tجو بایدن\n"


@pytest.mark.parametrize(
    ("id", "name"),
    [
        ("../../etc/passwd", "0000001-.._.._etc_passwd.txt"),
        ("/خبر ۱\n.txt", "0000001-_خبر_۱_.txt"),
        ("ا" * 300, "0000001-" + "ا" * 60 + ".txt"),
        ("", "0000001-.txt"),
    ],
)
def test_names_of_files_are_safe(id: str, name: str, written: Written) -> None:
    files = unpacked(written("a.brat.tar.gz", [example("خبر", id=id)]))
    assert {file for file in files if file.endswith(".txt")} == {name}


def test_every_extra_is_one_that_setup_names() -> None:
    named = (ROOT / "setup.cfg").read_text(encoding="utf-8")
    for format_ in FORMATS.values():
        if format_.extra:
            package, extra = format_.extra
            assert f"\n{extra} =\n    {package} " in named
            assert util.find_spec(package), "the tests need it: pip install 'pnews[dev]'"

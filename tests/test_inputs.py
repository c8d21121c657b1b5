"""What a batch reads: every container, every compression, and what it leaves out or reports."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import stat
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import Run

from pnews.batch.inputs import Inputs
from pnews.document import Document
from pnews.errors import InputError
from pnews.formats.items import Item, Reading
from pnews.formats.read import document, read

try:
    from compression import zstd  # type: ignore[import-not-found,unused-ignore]
except ImportError:
    from backports import zstd

NEWS = "رئیس جمهور به باکو رفت."
TEXTS = [f"{NEWS} {number}" for number in range(3)]
ROWS: list[dict[str, Any]] = [
    {"id": f"n{number}", "text": text, "date": "2022-05-28", "source": "ایرنا"}
    for number, text in enumerate(TEXTS)
]
PACK: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": zstd.compress,
}


def found(path: Path, *, globs: tuple[str, ...] = (), **how: Any) -> list[Item]:
    return list(Inputs([str(path)], Reading(**how), globs=globs))


def documents(path: Path, **how: Any) -> list[Document]:
    return [document(item, Reading(**how)) for item in found(path, **how)]


def jsonl(rows: list[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def table(rows: list[dict[str, Any]], delimiter: str = ",") -> bytes:
    lines = [list(rows[0]), *(row.values() for row in rows)]
    return "".join(delimiter.join(f'"{cell}"' for cell in line) + "\r\n" for line in lines).encode()


def parquet(rows: list[dict[str, Any]]) -> bytes:
    stream = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), stream)
    return stream.getvalue()


def zipped(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in members.items():
            archive.writestr(name, raw)
    return stream.getvalue()


def tarred(members: dict[str, bytes | str]) -> bytes:
    """Members; a str is a symbolic link to that."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            if isinstance(content, str):
                info.type, info.linkname = tarfile.SYMTYPE, content
                archive.addfile(info)
            else:
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
    return stream.getvalue()


@pytest.mark.parametrize("ending", PACK)
@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("news.jsonl", jsonl(ROWS)),
        ("news.csv", table(ROWS)),
        ("news.tsv", table(ROWS, "\t")),
        ("news.tar", tarred({"news.ndjson": jsonl(ROWS)})),
        ("news.txt", jsonl(ROWS)),
    ],
)
def test_records_are_the_same_however_they_are_packed(
    tmp_path: Path, name: str, raw: bytes, ending: str
) -> None:
    path = tmp_path / f"{name}{ending}"
    path.write_bytes(PACK[ending](raw))
    made = documents(path, limit=10_000)
    assert [(one.id, one.text) for one in made] == [(row["id"], row["text"]) for row in ROWS]
    assert {one.meta.date for one in made} == {"2022-05-28"}
    assert all(one.extra == {"source": "ایرنا"} for one in made)


@pytest.mark.parametrize(
    ("name", "raw"),
    [("news.parquet", parquet(ROWS)), ("news.zip", zipped({"a/b.jsonl": jsonl(ROWS)}))],
)
def test_and_in_files_that_are_read_from_their_end(tmp_path: Path, name: str, raw: bytes) -> None:
    (tmp_path / name).write_bytes(raw)
    assert [one.text for one in documents(tmp_path / name)] == TEXTS
    (tmp_path / f"{name}.gz").write_bytes(gzip.compress(raw))
    (item,) = found(tmp_path / f"{name}.gz")
    assert "can't be read as a stream; unpack it into a file" in item.error


@pytest.mark.parametrize("ending", PACK)
def test_a_text_may_be_compressed(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a.txt{ending}"
    path.write_bytes(PACK[ending](NEWS.encode()))
    (made,) = documents(path)
    assert (made.id, made.text) == (path.name, NEWS)


def test_every_command_reads_what_is_compressed(pnews: Run, tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl.gz"
    path.write_bytes(gzip.compress(jsonl(ROWS)))
    assert pnews("normalize", "-f", "text", path).out == "".join(f"{t}\n" for t in _persian(TEXTS))
    assert pnews("normalize", "-f", "text", "-", stdin=zstd.compress(NEWS.encode())).out
    (tmp_path / "news.csv").write_bytes(table(ROWS))
    assert len(list(read([str(path), str(tmp_path / "news.csv")]))) == 6


def _persian(texts: list[str]) -> list[str]:
    return [text.translate(str.maketrans("012", "۰۱۲")) for text in texts]


def test_fields_have_any_names(tmp_path: Path) -> None:
    path = tmp_path / "news.csv"
    path.write_bytes(table([{"url": "u1", "body": NEWS, "day": "2020-01-02", "head": "عنوان"}]))
    keys = {"text_key": "body", "id_key": "url", "date_key": "day", "title_key": "head"}
    (made,) = documents(path, **keys)
    assert (made.id, made.text, made.meta.date) == ("u1", f"عنوان\n{NEWS}", "2020-01-02")
    assert made.extra == {}


def test_a_table_without_the_column_of_texts_names_those_that_it_has(tmp_path: Path) -> None:
    rows = [{"body": NEWS, "day": "2020-01-02"}]
    for name, raw in (("news.csv", table(rows)), ("news.parquet", parquet(rows))):
        (tmp_path / name).write_bytes(raw)
        (item,) = found(tmp_path / name)
        assert "no column 'text'; choose one with --text-column: body, day" in item.error


def test_tables_of_spreadsheets(tmp_path: Path) -> None:
    path = tmp_path / "news.csv"
    path.write_bytes(
        f'id;text\r\n1;"{NEWS}\r\nدو; ""سه"""\r\n2;{NEWS};more\r\n'.encode("utf-8-sig")
    )
    first, second = documents(path)
    assert (first.id, first.text) == ("1", f'{NEWS}\r\nدو; "سه"')
    assert second.extra == {"column 3": "more"}
    path.write_bytes(f"id,text\n1,{NEWS}\n".replace("ی", "ي").encode("cp1256"))
    assert documents(path)[0].text == NEWS.replace("ی", "ي")
    path.write_bytes(f"id\ttext\n1\t{NEWS}\n".encode("utf-16"))
    assert documents(path)[0].text == NEWS


def test_a_bad_row_is_alone(tmp_path: Path) -> None:
    path = tmp_path / "news.csv"
    good = f"1,{NEWS}\n".encode()
    path.write_bytes(
        b"id,text\n" + good + b"2,\xff\xfe\n" + good + b"3," + b"x" * 999 + b"\n" + good
    )
    errors = [item.error.removeprefix(f"{path}: ") for item in found(path, limit=500)]
    assert errors == [
        "",
        "line 3: byte 0xff can't be decoded; try another --encoding",
        "",
        "line 5: larger than 500 bytes; raise --max-document-size to take it",
        "",
    ]


@pytest.mark.parametrize("ending", [ending for ending in PACK if ending])
@pytest.mark.parametrize("name", ["news.jsonl", "news.csv", "news.tar"])
def test_what_is_cut_off_is_read_up_to_there_and_told(
    tmp_path: Path, name: str, ending: str
) -> None:
    rows = [{"id": str(n), "text": os.urandom(400).hex()} for n in range(2000)]
    raw = {"news.jsonl": jsonl, "news.csv": table}.get(name, lambda rows: tarred(
        {row["id"]: row["text"].encode() for row in rows}
    ))(rows)  # fmt: skip
    path = tmp_path / f"{name}{ending}"
    packed = PACK[ending](raw)
    path.write_bytes(packed[: len(packed) * 9 // 10])
    *before, last = found(path)
    assert 500 < len(before) < 2000
    assert [
        item.error for item in before[:-1] if item.error
    ] == []  # a tar's last member is cut too
    assert "cut off" in last.error


def test_one_member_may_be_damaged(tmp_path: Path) -> None:
    raw = bytearray(zipped({f"{n}.txt": f"{NEWS} {n}".encode() * 50 for n in range(3)}))
    raw[raw.index(b"1.txt") + 9] ^= 0xFF
    (tmp_path / "news.zip").write_bytes(raw)
    items = found(tmp_path / "news.zip")
    assert [bool(item.error) for item in items] == [False, True, False]
    assert "news.zip/1.txt: can't be unpacked" in items[1].error


def test_members_have_paths_as_ids_and_nothing_is_written(tmp_path: Path) -> None:
    members: dict[str, bytes | str] = {
        "b.txt": NEWS.encode(),
        "a/c.txt.gz": gzip.compress(NEWS.encode()),
        "../../up.txt": NEWS.encode(),
        "/root.txt": NEWS.encode(),
        ".hidden": b"x",
        "__MACOSX/b.txt": b"x",
        "link.txt": "/etc/passwd",
        "more.zip": zipped({"d.txt": b"x"}),
    }
    (tmp_path / "in").mkdir()
    path = tmp_path / "in" / "news.tar"
    path.write_bytes(tarred(members))
    items = found(path)
    assert [item.id for item in items] == [f"news.tar/{name}" for name in members]
    assert [item.kind for item in items].count("skipped") == 3
    assert "an archive inside an archive isn't opened" in items[-1].error
    assert [path.name for path in tmp_path.rglob("*")] == ["in", "news.tar"]


BIG = b"\0" * 40_000_000


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("bomb.zip", lambda: zipped({"a.txt": BIG, "b.txt": NEWS.encode()})),
        ("bomb.tar.gz", lambda: gzip.compress(tarred({"a.txt": BIG, "b.txt": NEWS.encode()}))),
        ("line.jsonl.gz", lambda: gzip.compress(BIG + b"\n" + jsonl(ROWS[:1]))),
        ("bomb.csv.gz", lambda: gzip.compress(b"text\n" + BIG + b"\n" + NEWS.encode())),
        ("quote.csv.gz", lambda: gzip.compress(b'text\n"' + (b"x" * 999 + b"\n") * 3000)),
        ("bomb.txt.xz", lambda: lzma.compress(BIG)),
        ("bomb.html.bz2", lambda: bz2.compress(BIG)),
        ("bomb.json.zst", lambda: zstd.compress(b'{"text": "' + BIG)),
    ],
)  # fmt: skip
def test_what_is_too_large_is_told_and_never_held(
    tmp_path: Path, name: str, raw: Callable[[], bytes]
) -> None:
    path = tmp_path / name
    path.write_bytes(raw())
    tracemalloc.start()
    first, *rest = (
        (item.error, NEWS.encode() in item.raw or b"u0631" in item.raw)
        for item in Inputs([str(path)], Reading(limit=1_000_000))
    )
    held = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "larger than" in first[0]
    assert held < 16_000_000  # of which xz takes eight
    if name.startswith(("bomb.zip", "bomb.tar", "line", "bomb.csv")):
        assert rest == [("", True)]


def test_a_folder_in_the_order_of_names(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.txt", "a/y.html", "a.txt", "c.jsonl", "d.csv.gz", "e.md", ".f.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / ".g").mkdir()
    (tmp_path / ".g" / "h.txt").write_text("x")
    items = found(tmp_path)
    assert [item.id.partition(":")[0] for item in items if item.kind != "skipped"] == [
        "a/y.html", "a/z.txt", "a.txt", "b.txt", "c.jsonl", "d.csv.gz",
    ]  # fmt: skip
    assert [(item.id, item.error) for item in items if item.kind == "skipped"] == [
        (".f.txt", "hidden"), (".g", "hidden"),
        ("e.md", "of no known ending; choose files with --glob"),
    ]  # fmt: skip
    chosen = found(tmp_path, globs=("*.md", "a/*"))
    assert [i.id for i in chosen if i.kind != "skipped"] == ["a/y.html", "a/z.txt", "e.md"]


def test_links_and_special_files(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.txt").write_text(NEWS, encoding="utf-8")
    (folder / "dead.txt").symlink_to("nowhere")
    (folder / "itself.txt").symlink_to("itself.txt")
    (folder / "link.txt").symlink_to("a.txt")
    (folder / "sub" / "up").symlink_to("..")
    (folder / "sub" / "twice").symlink_to(folder / "sub")
    (folder / "sub" / "above").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe.txt")
    items = {item.id: item for item in found(folder)}
    skipped = [item.id for item in items.values() if item.kind == "skipped"]
    assert skipped == ["itself.txt", "pipe.txt", "sub/above", "sub/twice", "sub/up"]
    assert "No such file" in items["dead.txt"].error
    assert items["link.txt"].raw.decode() == NEWS


def test_names_that_are_no_utf_8_and_names_with_anything_in_them(tmp_path: Path) -> None:
    names = ["خبر\u200cها.txt", "two\nlines.txt", "space 'quote\".txt"]
    for name in names:
        (tmp_path / name).write_text(NEWS, encoding="utf-8")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/bad\xff.txt")).write_text(NEWS, encoding="utf-8")
    assert sorted(one.id for one in documents(tmp_path)) == sorted([*names, "bad\\xff.txt"])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read anything")
def test_what_may_not_be_read_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "a.txt").chmod(0)
    (tmp_path / "b").mkdir()
    (tmp_path / "b").chmod(stat.S_IXUSR)
    assert ["Permission denied" in item.error for item in found(tmp_path)] == [True, True]
    (tmp_path / "b").chmod(0o700)


def test_what_vanishes_is_a_failure(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("x")
    coming = iter(Inputs([str(tmp_path)], Reading()))
    next(coming)
    (tmp_path / "b.txt").unlink()
    assert "No such file" in next(coming).error


def test_an_input_that_is_not_there_is_refused() -> None:
    with pytest.raises(InputError, match="nowhere: no such file or folder"):
        Inputs(["nowhere"], Reading())


def test_memory_of_a_dump_is_flat(tmp_path: Path) -> None:
    path = tmp_path / "dump.jsonl.gz"
    path.write_bytes(gzip.compress(jsonl(ROWS) * 10_000, 1))
    tracemalloc.start()
    count = sum(1 for _ in Inputs([str(path)], Reading(limit=10_000_000)))
    held = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 30_000
    assert held < 1_000_000


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("news.csv", b"text\n" + NEWS.encode() + b"\n"),
        ("news.zip", zipped({"a.txt": NEWS.encode()})),
    ],
)
def test_positions_end_at_the_total(tmp_path: Path, name: str, raw: bytes) -> None:
    (tmp_path / name).write_bytes(raw)
    (tmp_path / "z.txt").write_text(NEWS)
    inputs = Inputs([str(tmp_path)], Reading())
    assert len(list(inputs)) == 2
    assert inputs.position == inputs.total() == len(raw) + len(NEWS.encode())

"""A folder into one file."""

import json
from pathlib import Path

import pytest
from conftest import Run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.txt", "a/z.txt", "a/y.txt"):
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_text(f"خبر {name}\nاو به باکو رفت.", encoding="utf-8")
    (tmp_path / "in" / "c.md").write_text("x", encoding="utf-8")
    return tmp_path / "in"


def test_every_text_file_in_the_order_of_names(pnews: Run, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    result = pnews("batch", folder, "-o", out)
    documents = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [document["id"] for document in documents] == ["a/y.txt", "a/z.txt", "b.txt"]
    assert all(document["blocks"] for document in documents)
    assert (result.status, result.out) == (0, "")
    assert "3 annotated, 0 failed" in result.err


def test_failures_are_named_and_counted_and_the_rest_goes_on(
    pnews: Run, folder: Path, tmp_path: Path
) -> None:
    (folder / "a" / "empty.txt").touch()
    (folder / "a" / "zero.txt").write_bytes(b"\x00\x01\xff" * 9)
    out = tmp_path / "out.jsonl"
    result = pnews("batch", folder, "-o", out)
    assert result.status == 1
    assert "a/empty.txt: empty" in result.err
    assert "a/zero.txt: byte 0x00 at 0" in result.err
    assert "3 annotated, 2 failed" in result.err
    assert len(out.read_text(encoding="utf-8").splitlines()) == 3


def test_a_document_is_what_annotate_makes_of_it(pnews: Run, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    pnews("batch", folder, "-o", out, "--date", "2022-05-28")
    alone = pnews("annotate", "-f", "jsonl", "--date", "2022-05-28", folder / "b.txt").out
    assert out.read_text(encoding="utf-8").splitlines()[-1] + "\n" == alone

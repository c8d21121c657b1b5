"""What comes in: encodings, JSON Lines, and what is refused with which words."""

import json
from pathlib import Path

import pytest

from pnews.errors import InputError
from pnews.formats.encodings import decode
from pnews.formats.read import read

NEWS = "رئیس جمهور روسیه در نشست خبری گفت: کشورش آماده گفتگو است.\n" * 3
ARABIC = NEWS.replace("ی", "ي").replace("ک", "ك")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_is_detected(encoding: str) -> None:
    assert decode(NEWS.encode(encoding), "f").lstrip("\ufeff") == NEWS


def test_windows_1256_is_detected() -> None:
    assert decode(ARABIC.encode("cp1256"), "f") == ARABIC


def test_an_encoding_given_overrides() -> None:
    assert decode("سلام".encode("cp1256"), "f", "cp1256") == "سلام"


@pytest.mark.parametrize(
    ("raw", "encoding", "words"),
    [
        (b"", None, "f: empty"),
        (b" \n", None, "f: holds only blanks"),
        (b"\x7fELF\x02\x01\x00\x00\x00\xff\xfe" * 20, None, "f: byte 0x00 at 6 is not text"),
        (NEWS.encode()[:-4] + b"\xd8", None, "is not UTF-8; try --encoding cp1256"),
        ("سلام".encode("cp1256"), "utf-8", "f: byte 0xd3 at 0 is not utf-8; try another"),
        (b"x", "klingon", "f: 'klingon' is no encoding"),
    ],
)
def test_bad_bytes_are_refused(raw: bytes, encoding: str | None, words: str) -> None:
    with pytest.raises(InputError) as error:
        decode(raw, "f", encoding)
    assert words in str(error.value)


def test_records_keep_what_is_not_ours(tmp_path: Path) -> None:
    file = tmp_path / "news.jsonl"
    lines = [
        {"text": "یک", "id": 7, "date": "2022-05-28T10:00", "source": {"name": "ایرنا"}},
        {"text": "دو"},
    ]
    file.write_text("\n".join(json.dumps(line) for line in lines) + "\n\n", encoding="utf-8")

    first, second = read([str(file)])

    assert (first.id, first.meta.date) == ("7", "2022-05-28")
    assert first.extra == {"source": {"name": "ایرنا"}}
    assert (second.id, second.meta.date, second.extra) == ("news.jsonl:2", "", {})


def test_one_record_over_several_lines_is_read(tmp_path: Path) -> None:
    file = tmp_path / "one.json"
    file.write_text(json.dumps({"text": "یک"}, indent=2), encoding="utf-8")

    assert [document.text for document in read([str(file)])] == ["یک"]


def test_a_text_that_starts_with_a_brace_is_text(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("{تهران} خبر\nدوم", encoding="utf-8")

    assert [document.text for document in read([str(file)])] == ["{تهران} خبر\nدوم"]


def test_the_id_of_a_text_file_is_its_name(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("خبر", encoding="utf-8")

    (document,) = read([str(file)], date="2022-05-28")

    assert (document.id, document.meta.date) == ("a.txt", "2022-05-28")
    assert next(read([str(file)], id="x")).id == "x"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"id": "1"}', 'line 1: no text; each record needs {"text": "…"}'),
        ('{"text": "یک"}\n{"text": 2}', "line 2: no text"),
        ('{"text": "یک"}\n{"text": ', "line 2 is not JSON"),
        ('{"text": "یک"}\n[1]', "line 2 is not an object"),
        ('{"text": "یک", "date": "دیروز"}', "line 1: date 'دیروز' is not an ISO 8601 date"),
        ('{"text": "یک", "date": 3}', "line 1: date 3 is not an ISO 8601 date"),
        ('{"text": "x\\ud800"}', "line 1"),
        ('{"schema": 9, "id": "1", "text": "یک", "edits": []}', "line 1: schema 9 is not 1"),
        ('{"schema": 1, "id": "1", "text": 5, "edits": []}', "line 1 is not a pnews document"),
        ('{"text": ', "line 1 is not JSON"),
    ],
)
def test_bad_records_are_refused(tmp_path: Path, content: str, words: str) -> None:
    file = tmp_path / "news.jsonl"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as error:
        list(read([str(file)]))
    assert words in str(error.value)
    assert str(error.value).startswith(str(file))
    assert "\n" not in str(error.value)


def test_edits_that_do_not_lead_to_the_normalized_text_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "news.jsonl"
    for edits, words in (([[0, 1, "x"]], "don't lead"), ([[5, 9, ""]], "out of the text")):
        record = {"schema": 1, "id": "1", "text": "یک", "normalized": "دو", "edits": edits}
        file.write_text(json.dumps(record), encoding="utf-8")
        (document,) = read([str(file)])
        with pytest.raises(InputError, match=words):
            _ = document.aligned

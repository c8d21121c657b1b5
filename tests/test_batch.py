"""`pnews batch` as its user meets it."""

import json
import os
import random
import shlex
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest
from conftest import SEED, Run
from test_inputs import BIG, PACK, ROWS, jsonl, tarred, zipped

from pnews.batch import annotate_files
from pnews.document import new_document
from pnews.formats.items import Reading
from pnews.pipeline import Pipeline

PNEWS = [sys.executable, "-c", "from pnews.cli import main; main()"]


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
    assert "c.md: of no known ending" in result.err
    assert "3 annotated, 0 failed" in result.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "out.jsonl"]


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
    assert result.err.endswith("pnews: 2 of 5 documents failed: see out.errors.jsonl\n")
    assert len(out.read_text(encoding="utf-8").splitlines()) == 3
    lines = (tmp_path / "out.errors.jsonl").read_text(encoding="utf-8").splitlines()
    assert [(line["id"], line["stage"]) for line in map(json.loads, lines)] == [
        ("a/empty.txt", "read"),
        ("a/zero.txt", "read"),
    ]


def test_a_document_is_what_annotate_makes_of_it(pnews: Run, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    pnews("batch", folder, "-o", out, "--date", "2022-05-28")
    alone = pnews("annotate", "-f", "jsonl", "--date", "2022-05-28", folder / "b.txt").out
    assert out.read_text(encoding="utf-8").splitlines()[-1] + "\n" == alone


def test_the_summary_counts_entities_by_type(pnews: Run, folder: Path, tmp_path: Path) -> None:
    err = pnews("batch", folder, "-o", tmp_path / "out.jsonl").err
    rows = [line.split() for line in err.splitlines()]
    assert ["documents", "3"] in rows
    assert ["LOC", "3"] in rows
    assert ["failures", "0"] in rows


def test_quiet_is_quiet(pnews: Run, folder: Path, tmp_path: Path) -> None:
    assert pnews("batch", "-q", folder, "-o", tmp_path / "out.jsonl") == (0, "", "")
    (folder / "a" / "empty.txt").touch()
    result = pnews("batch", "-q", "--force", folder, "-o", tmp_path / "out.jsonl")
    assert result.err == "pnews: 1 of 4 documents failed: see out.errors.jsonl\n"
    assert result.status == 1


def test_standard_input_and_its_fields(pnews: Run, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    rows = [{"key": "k1", "body": "او به باکو رفت.", "head": "سفر", "place": "x"}]
    keys = ("--text-key", "body", "--id-key", "key", "--title-key", "head")
    pnews("batch", "-", "-o", out, *keys, stdin=PACK[".gz"](jsonl(rows)))
    (document,) = map(json.loads, out.read_text(encoding="utf-8").splitlines())
    assert document["id"] == "k1"
    assert document["text"] == "سفر\nاو به باکو رفت."
    assert document["extra"] == {"place": "x"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["in", "-o", "out.xyz"], "out.xyz: "),
        (["in", "-o", "-"], "-: a batch can't go on in a stream"),
        (["nowhere", "-o", "out.jsonl"], "nowhere: no such file or folder"),
        (["in", "-o", "no/out.jsonl"], "no/out.jsonl: can't be written: No such file"),
        (["in", "-o", "/dev/null", "--to", "jsonl", "--force"], "/dev/null: no regular file"),
        (["in", "-o", "out.jsonl", "--glob", "*.xyz"], "in: nothing to annotate in it"),
        (["in", "-o", "out.jsonl", "--kb", "no.tsv"], "no.tsv: "),
        (["in", "-o", "out.jsonl", "--date", "dey"], "date 'dey' is not an ISO 8601 date"),
        (["in", "-o", "out.jsonl", "--max-document-size", "big"], "'big' is not a size"),
        (["in", "-o", "out.jsonl", "--resume", "--force"], "give one of them"),
        (["in", "-o", "out.jsonl", "--kb-only"], "--kb-only needs a table of names"),
    ],
)
def test_what_can_not_be_done_is_one_line_and_leaves_nothing(
    pnews: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: str
) -> None:
    monkeypatch.chdir(folder.parent)
    result = pnews("batch", "-q", *arguments)
    assert (result.status, result.out) == (2, "")
    assert words in result.err
    assert result.err.count("\n") == 1
    assert [path.name for path in folder.parent.iterdir()] == ["in"]


def test_the_output_is_never_an_input(pnews: Run, folder: Path, tmp_path: Path) -> None:
    assert pnews("batch", tmp_path, "-o", tmp_path / "out.jsonl", "-q").status == 0
    before = (tmp_path / "out.jsonl").read_bytes()
    assert pnews("batch", tmp_path, "-o", tmp_path / "out.jsonl", "-q", "--force").status == 0
    assert (tmp_path / "out.jsonl").read_bytes() == before


def test_a_finished_output_is_not_made_again(pnews: Run, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    assert pnews("batch", "-q", "--resume", folder, "-o", out).status == 0
    again = pnews("batch", "-q", "--resume", folder, "-o", out)
    assert (again.status, again.err) == (0, f"pnews: {out} is finished; nothing to resume\n")
    refused = pnews("batch", "-q", folder, "-o", out)
    assert (refused.status, refused.err) == (
        2,
        f"pnews: {out}: is there already; make it again with --force\n",
    )


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of 48 articles and `whole.jsonl`, what one worker makes of them."""
    folder = tmp_path_factory.mktemp("many")
    lines = SEED.read_text(encoding="utf-8").splitlines()
    rows = [{"text": "\n".join(lines[n % 7 : n % 7 + 5])} for n in range(48)]
    (folder / "in.jsonl").write_bytes(jsonl(rows))
    annotate_files([str(folder / "in.jsonl")], str(folder / "whole.jsonl"), workers=1)
    return folder


def test_ctrl_c_stops_and_says_how_to_go_on(many: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    command = [*PNEWS, "batch", str(many / "in.jsonl"), "-o", str(out), "--workers", "2", "-q"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True) as process:
        part = tmp_path / "out.jsonl.part"
        while not part.exists() or not part.stat().st_size:
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGINT)
        assert process.stderr
        err = process.stderr.read().decode()
    assert process.returncode == 130
    assert err.startswith("pnews: stopped; go on with: pnews batch ")
    assert err.count("\n") == 1
    resume = shlex.split(err.partition("with: ")[2])
    assert resume[-1] == "--resume"
    assert subprocess.run([*PNEWS, *resume[1:]], check=False).returncode == 0
    assert out.read_bytes() == (many / "whole.jsonl").read_bytes()


def test_ctrl_c_before_the_workers_are_ready(many: Path, tmp_path: Path) -> None:
    command = [*PNEWS, "batch", str(many / "in.jsonl"), "-o", str(tmp_path / "out.jsonl")]
    with subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True) as process:
        while not (tmp_path / "out.jsonl.journal").exists():
            time.sleep(0.001)
        time.sleep(0.1)
        os.killpg(process.pid, signal.SIGINT)
        assert process.stderr
        err = process.stderr.read().decode()
    assert process.returncode == 130
    assert err.startswith("pnews: stopped; go on with: ")
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_one_line_that_says_how_to_go_on(many: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    command = shlex.join([*PNEWS, "batch", str(many / "in.jsonl"), "-o", str(out), "-q"])
    blocks = (many / "whole.jsonl").stat().st_size // 1024 * 3 // 4
    full = subprocess.run(
        ["bash", "-c", f"ulimit -f {blocks}; {command}"], capture_output=True, check=False
    )
    assert full.returncode == 2
    assert "can't be written: File too large; make room, then: pnews batch" in full.stderr.decode()
    assert full.stderr.count(b"\n") == 1
    assert (tmp_path / "out.jsonl.part").stat().st_size
    assert subprocess.run([*shlex.split(command), "--resume"], check=False).returncode == 0
    assert out.read_bytes() == (many / "whole.jsonl").read_bytes()


@pytest.mark.parametrize(
    "text",
    ["تهران" * 10_000, "تهران خبر داد که علی‌اف به باکو می‌رود " * 1000, "ا" + "\u0651" * 50_000],
)
def test_one_word_or_one_sentence_without_end_is_annotated(text: str) -> None:
    """Minutes where a stage looks at all of it for each part of it."""
    (document,) = Pipeline()([new_document(text, id="1")])
    assert document.has("sources")
    assert len(document.sentences) == 1


def nasty(chance: random.Random) -> bytes:
    """What no writer of an article would write."""
    news = SEED.read_bytes()[:300].decode("utf-8", "ignore")
    record = json.dumps({"text": news}).encode()
    at = chance.randrange(1, 200)
    return chance.choice([
        lambda: chance.randbytes(at * 10),
        lambda: news.encode("utf-16")[: at * 2 + 1],
        lambda: news.encode("cp1256", "ignore"),
        lambda: PACK[chance.choice(list(PACK))](record * 9)[:-at],
        lambda: record[:at] + b"\\ud800" + record[at:],
        lambda: record[:at] + chance.randbytes(3) + record[at:] + b"\n" + record,
        lambda: b'{"text": "\\ud83d"}\n' + record + b"\n",
        lambda: b'{"a":' * 20_000,
        lambda: b"[" * at + b"]" * at,
        lambda: news.encode() * chance.choice([400, 8000]),
        lambda: ("ا" + "\u0651" * 50_000).encode(),
        lambda: zipped({"bomb.txt": BIG[:3_000_000], f"{at}.txt": news.encode()}),
        lambda: tarred({"a.txt": news.encode(), "b": "/dev/zero"})[: at * 20],
        lambda: b"\xef\xbb\xbf" * at,
        lambda: b"<html>" + chance.randbytes(at) + b"<p>" * at,
        lambda: f"<html><body><p>{news}".encode("cp1256", "ignore"),
        lambda: b'text,id\n"' + record * 3,
        lambda: (news[:40] + "\u202e\u200c\u0000\u2028\ufeff" * at).encode(),
        lambda: jsonl(ROWS)[:-at],
        lambda: b"",
    ])()  # fmt: skip


def test_three_hundred_nasty_inputs(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Each file is read or reported; the pipeline here stops before the tagger."""
    folder, out = tmp_path / "in", tmp_path / "out.jsonl"
    folder.mkdir()
    chance = random.Random(7)
    endings = (
        "txt",
        "txt",
        "jsonl",
        "json",
        "html",
        "csv",
        "tsv",
        "zip",
        "tar",
        "txt.gz",
        "parquet",
    )
    for number in range(300):
        name = f"{number:03}{chance.choice(['', ' خبر', chr(10), chr(27) + '[31m', '%s'])}"
        (folder / f"{name}.{chance.choice(endings)}").write_bytes(nasty(chance))
    (folder / "dead.txt").symlink_to("nowhere")
    progress = annotate_files(
        [str(folder)], str(out), how=Reading(limit=2_000_000),
        make=partial(Pipeline, last="tokenize", fresh=True), workers=2,
    )  # fmt: skip
    lines = out.read_text(encoding="utf-8").split("\n")
    errors = (tmp_path / "out.errors.jsonl").read_text(encoding="utf-8").split("\n")
    ids = [json.loads(line)["id"] for line in [*lines, *errors] if line]
    assert progress is not None
    assert (progress.annotated, progress.failed) == (len(lines) - 1, len(errors) - 1)
    told = {found[:3] for found in ids}
    assert told >= {f"{number:03}" for number in range(300)} - _rowless(folder)
    assert "dead.txt" in ids
    assert capfd.readouterr().err == ""


def _rowless(folder: Path) -> set[str]:
    """Files that hold no document and say so by being empty: tables of nothing, blank lines."""
    return {path.name[:3] for path in folder.iterdir() if not path.is_symlink()
            and not path.read_bytes().strip()}  # fmt: skip

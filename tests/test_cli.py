"""The command line as a user meets it."""

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from conftest import SEED, Run

from pnews.cli import COMMANDS
from pnews.formats.json import schema

CHAIN = ("normalize", "tokenize", "entities", "resolve", "article")
NEWS = "جو بایدن به باکو رفت.\nاو با الهام علیاف دیدار میکند."


def test_the_piped_chain_gives_the_bytes_of_annotate(pnews: Run) -> None:
    text = pnews("normalize", "--date", "2022-05-28", SEED).out
    for command in CHAIN[1:]:
        text = pnews(command, stdin=text).out
    assert text == pnews("annotate", "--date", "2022-05-28", "--format", "jsonl", SEED).out


def test_a_stage_asked_for_runs_those_before_it(pnews: Run) -> None:
    assert json.loads(pnews("article", stdin=NEWS).out) == json.loads(
        pnews("annotate", stdin=NEWS).out
    )


def test_annotating_an_annotated_document_changes_nothing(pnews: Run) -> None:
    once = pnews("annotate", "-f", "jsonl", SEED).out
    assert pnews("annotate", "-f", "jsonl", stdin=once).out == once


def test_running_a_stage_again_drops_what_rests_on_it(pnews: Run) -> None:
    whole = pnews("annotate", stdin=NEWS).out
    again = json.loads(pnews("tokenize", stdin=whole).out)
    assert "sentences" in again
    assert not {"entities", "clusters", "blocks", "title"} & set(again)


def test_every_span_is_its_source(pnews: Run) -> None:
    document = json.loads(pnews("annotate", SEED).out)
    jsonschema.validate(document, schema())
    text, normalized = document["text"], document["normalized"]
    assert text == SEED.read_text(encoding="utf-8")
    for sentence in document["sentences"]:
        for token in sentence["tokens"]:
            assert normalized[token["norm_start"] : token["norm_end"]] == token["text"]
            assert sentence["start"] <= token["start"] < token["end"] <= sentence["end"]
    for entity in document["entities"]:
        assert text[entity["start"] : entity["end"]] == entity["text"]
        assert normalized[entity["norm_start"] : entity["norm_end"]] == entity["normalized"]


def test_one_document_is_json_and_more_are_lines(pnews: Run, tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).write_text(NEWS, encoding="utf-8")
    one = pnews("annotate", tmp_path / "a").out
    two = pnews("annotate", tmp_path / "a", tmp_path / "b").out
    assert one.startswith('{\n  "schema": 1,\n')
    assert [json.loads(line)["id"] for line in two.splitlines()] == ["a", "b"]


def test_standard_input_is_a_dash(pnews: Run) -> None:
    assert json.loads(pnews("normalize", "-", stdin=NEWS).out)["id"] == "-"


def test_text_goes_line_for_line(pnews: Run) -> None:
    assert pnews("normalize", "-f", "text", stdin="كتاب\n\nمي‌كند\n").out == (
        "کتاب\n\nمی\u200cکند\n"
    )


def test_tokens_as_text(pnews: Run) -> None:
    assert pnews("tokenize", "-f", "text", stdin="باکو رفت. او آمد.").out == (
        "باکو\nرفت\n.\n\nاو\nآمد\n.\n\n"
    )


def test_records_keep_their_own_fields(pnews: Run) -> None:
    record = json.dumps({"text": NEWS, "id": "7", "tags": ["الف"]})
    document = json.loads(pnews("annotate", stdin=record).out)
    assert (document["id"], document["extra"]) == ("7", {"tags": ["الف"]})


def test_output_goes_to_a_file_whole_or_not_at_all(pnews: Run, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    assert pnews("normalize", "-o", out, SEED).out == ""
    whole = out.read_bytes()
    assert json.loads(whole)["id"] == SEED.name
    assert pnews("normalize", "-o", out, SEED, tmp_path / "missing").status == 2
    assert out.read_bytes() == whole
    assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl"]


def test_versions(pnews: Run) -> None:
    out = pnews("--version").out
    for name in ("pnews ", "Python ", "hazm ", "parsivar ", "onnxruntime "):
        assert name in out


def test_the_schema_is_json(pnews: Run) -> None:
    assert json.loads(pnews("schema").out) == schema()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(pnews: Run, command: str) -> None:
    result = pnews(command, "--help")
    assert result.status == 0
    assert f"pnews {command} " in result.out.split("\n", 1)[1]


BAD = [
    (["annotate", "missing.txt"], "missing.txt: no such file; check the name"),
    (["annotate", "folder"], "folder: a folder; annotate it with: pnews batch folder"),
    (["annotate", "empty.txt"], "empty.txt: empty; give a file with text in it"),
    (["annotate", "binary.txt"], "binary.txt: byte 0x00 at 3 is not text"),
    (["annotate", "--format", "xml", "good.txt"], "'xml' is not one of"),
    (["annotate", "--scheme", "x", "good.txt"], "'x' is not one of 'news'"),
    (["normalize", "--digits", "roman", "good.txt"], "'roman' is not one of 'persian'"),
    (["annotate", "--date", "1401/3/7", "good.txt"], "'1401/3/7' is not an ISO 8601 date"),
    (["annotate", "--encoding", "x", "good.txt"], "good.txt: 'x' is no encoding"),
    (["annotate", "no-text.jsonl"], 'no-text.jsonl: line 2: no text; each record needs {"text"'),
    (["annotate", "--id", "1", "good.txt", "good.txt"], "--id 1: there is more than one"),
    (["annotate", "-o", "no/where.json", "good.txt"], "no/where.json: can't be written"),
    (["annotate", "-o", "folder", "good.txt"], "folder: a folder; name a file in it"),
    (["annotate", "--wrong"], "No such option"),
    (["wrong"], "No such command 'wrong'"),
    (["batch", "folder", "-o", "out.jsonl"], "folder: nothing to annotate in it"),
    (["batch", "nowhere", "-o", "out.jsonl"], "nowhere: no such file or folder"),
    (["batch", "folder"], "Missing option"),
]


@pytest.mark.parametrize(("arguments", "words"), BAD)
def test_bad_input_is_one_line_and_status_2(
    pnews: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    Path("empty.txt").touch()
    Path("binary.txt").write_bytes(b"abc\x00\xff\x01" * 9)
    Path("good.txt").write_text(NEWS, encoding="utf-8")
    Path("no-text.jsonl").write_text('{"text": "باکو"}\n{"id": "2"}\n', encoding="utf-8")
    result = pnews(*arguments)
    assert result.status == 2
    assert words in result.err
    assert result.err.count("\n") == 1
    assert not Path("out.jsonl").exists()


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv = ['pnews', '--help']\n"
        "import pnews.cli\n"
        "try: pnews.cli.main()\n"
        "except SystemExit: pass\n"
        "print(sorted({'numpy', 'onnxruntime', 'hazm', 'parsivar', 'rich'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.endswith("[]\n")
    assert "annotate" in done.stdout


def test_a_whole_annotation_imports_no_peer(tmp_path: Path) -> None:
    code = (
        "import sys; from pnews import annotate; annotate('جو بایدن به باکو رفت.')\n"
        "print(sorted({'hazm', 'parsivar', 'rich'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout == "[]\n"


def test_a_closed_pipe_ends_quietly() -> None:
    command = [sys.executable, "-c", "from pnews.cli import main; main()", "annotate", str(SEED)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    err = process.stderr.read()
    assert process.wait() == 141
    assert err == b""

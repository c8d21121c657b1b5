"""`pnews normalize` as a tool of its own: filter, diff, explain, check, in place."""

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Run

from pnews import normalize
from pnews.aligned import AlignedText
from pnews.formats.changes import unified_diff
from pnews.formats.read import PIECE
from pnews.normalize import BLOCK, blocks

Z = "\u200c"
WRONG = "رئیسجمهور آمریکا گفت :\nسطر دوم\nسوم\nچهارم\nاو میرود.\n"
RIGHT = f"رئیس{Z}جمهور آمریکا گفت:\nسطر دوم\nسوم\nچهارم\nاو می{Z}رود.\n"


def written(folder: Path, text: str, name: str = "news.txt") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_filter_gives_a_line_for_each_line(pnews: Run) -> None:
    assert pnews("normalize", "-f", "text", stdin=WRONG).out == RIGHT


def test_a_filter_ends_the_last_line(pnews: Run) -> None:
    assert pnews("normalize", "-f", "text", stdin="میرود").out == f"می{Z}رود\n"


def test_a_filter_of_half_spaces_alone(pnews: Run) -> None:
    found = pnews("normalize", "-f", "text", "--characters", "keep", stdin=f"علي گفت :\r\n{WRONG}")
    kept = WRONG.replace("رئیسجمهور", f"رئیس{Z}جمهور").replace("میرود", f"می{Z}رود")
    assert found.out == f"علي گفت :\r\n{kept}"


def test_a_filter_takes_records_too(pnews: Run) -> None:
    records = '{"text": "میرود"}\n{"text": "میکند"}\n'
    assert pnews("normalize", "-f", "text", stdin=records).out == f"می{Z}رود\nمی{Z}کند\n"


def test_a_large_text_is_the_same_by_blocks_and_whole(pnews: Run, tmp_path: Path) -> None:
    line = "رئیسجمهور آمریکا گفت : تصميم گيري میکند و گام های بعدی را میگوید\n"
    text = line * (PIECE // len(line.encode()) + 100)
    assert len(list(blocks([text]))) > 1
    path = written(tmp_path, text)
    found = pnews("normalize", "-f", "text", path).out
    assert found == normalize.normalize(text).text
    assert found.count("\n") == text.count("\n")


def test_a_large_text_in_another_encoding(pnews: Run, tmp_path: Path) -> None:
    text = "دولت اعلام كرد\n" * (PIECE // 14)
    path = tmp_path / "old.txt"
    path.write_bytes(text.encode("utf-16"))
    assert pnews("normalize", "-f", "text", path).out == text.replace("كرد", "کرد")


def test_a_large_text_that_turns_bad_is_refused(pnews: Run, tmp_path: Path) -> None:
    path = tmp_path / "news.txt"
    path.write_bytes("دولت اعلام کرد\n".encode() * (PIECE // 20) + b"\xff\xfe\n")
    result = pnews("normalize", "-f", "text", path, "-o", tmp_path / "out.txt")
    assert result.status == 2
    assert "news.txt" in result.err
    assert "\n" not in result.err.strip()
    assert not (tmp_path / "out.txt").exists()


def test_blocks_are_whole_lines() -> None:
    text = "سطر\n" * BLOCK
    found = list(blocks([text[:7], text[7:100], text[100:]]))
    assert "".join(found) == text
    assert all(block.endswith("\n") for block in found if block)
    assert len(found) > 2


def test_a_diff_can_be_applied(pnews: Run, tmp_path: Path) -> None:
    path = written(tmp_path, WRONG)
    diff = pnews("normalize", "--diff", path)
    assert diff.status == 0
    assert "+او می\u200cرود." in diff.out.split("\n")
    subprocess.run(["patch", "-s", str(path)], input=diff.out.encode(), check=True)
    assert path.read_text(encoding="utf-8") == RIGHT


@pytest.mark.parametrize(
    "text",
    ["میرود", "میرود\r\nرفت\r\n", "رفت\nمیرود", "رفت\n\n\n\nمیرود\n\n", "میرود\n" * 9],
)
def test_any_diff_can_be_applied(text: str, tmp_path: Path) -> None:
    path = tmp_path / "news.txt"
    path.write_bytes(text.encode())
    aligned = normalize.normalize(text)
    diff = "".join(f"{line}\n" for line in unified_diff(str(path), aligned))
    subprocess.run(["patch", "-s", "--binary", str(path)], input=diff.encode(), check=True)
    assert path.read_bytes().decode() == aligned.text


def test_no_diff_of_what_is_right() -> None:
    assert list(unified_diff("news.txt", AlignedText.identity(RIGHT))) == []


def test_a_diff_marks_the_words_that_changed() -> None:
    lines = list(unified_diff("n", normalize.normalize("او میرود\n"), colour=True))
    assert lines[-2:] == [
        "\x1b[31m-او \x1b[7mمیرود\x1b[27m\x1b[0m",
        f"\x1b[32m+او \x1b[7mمی{Z}رود\x1b[27m\x1b[0m",
    ]


def test_each_edit_is_explained(pnews: Run, tmp_path: Path) -> None:
    path = written(tmp_path, "او گفت : 5درصد\nدولت كرد\nگام های میرود و\n")
    rows = [line.split("\t") for line in pnews("normalize", "--explain", path).out.splitlines()]
    assert [(place.removeprefix(f"{path}:"), *rest) for place, *rest in rows] == [
        ("1:7", "گفت :", "گفت:", "space-before"),
        ("1:10", "5درصد", "۵درصد", "digit"),
        ("1:11", "۵درصد", "۵ درصد", "digit-space"),
        ("2:6", "كرد", "کرد", "letter"),
        ("3:4", "گام های", f"گام{Z}های", "half-space opened"),
        ("3:11", "میرود", f"می{Z}رود", "half-space removed"),
    ]


def test_what_is_explained_later_in_a_large_text_has_its_line(pnews: Run) -> None:
    text = "دولت کرد\n" * (BLOCK // 9 + 10) + "او میرود\n"
    place, *_ = pnews("normalize", "--explain", stdin=text).out.split("\t")
    assert place == f"-:{text.count(chr(10))}:6"


def test_a_check_tells_by_its_status(pnews: Run, tmp_path: Path) -> None:
    wrong, right = written(tmp_path, WRONG), written(tmp_path, RIGHT, "right.txt")
    found = pnews("normalize", "--check", wrong, right)
    assert (found.status, found.out) == (1, "")
    assert found.err == f"pnews: {wrong} would change\n"
    assert pnews("normalize", "--check", right).status == 0
    both = pnews("normalize", "--check", "--diff", wrong)
    assert (both.status, both.out[:4]) == (1, "--- ")


def test_in_place(pnews: Run, tmp_path: Path) -> None:
    wrong, right = written(tmp_path, WRONG), written(tmp_path, RIGHT, "right.txt")
    wrong.chmod(0o640)
    before = right.stat().st_mtime_ns
    found = pnews("normalize", "--in-place", "--backup", ".orig", wrong, right)
    assert (found.status, found.out, found.err) == (0, "", "pnews: 1 of 2 files changed\n")
    assert wrong.read_text(encoding="utf-8") == RIGHT
    assert wrong.stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "news.txt.orig").read_text(encoding="utf-8") == WRONG
    assert right.stat().st_mtime_ns == before
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["news.txt", "news.txt.orig", "right.txt"]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--in-place", "missing.txt"], "missing.txt"),
        (["--in-place"], "--in-place"),
        (["--in-place", "-"], "--in-place"),
        (["--in-place", "records.jsonl"], "records.jsonl"),
        (["--in-place", "--check", "news.txt"], "--check"),
        (["--backup", ".orig", "news.txt"], "--in-place"),
        (["--explain", "--normalizer", "hazm", "news.txt"], "--normalizer"),
        (["--diff", "missing.txt"], "missing.txt"),
    ],
)
def test_bad_use_is_one_line(
    pnews: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], reason: str
) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, WRONG)
    written(tmp_path, '{"text": "میرود"}\n', "records.jsonl")
    found = pnews("normalize", *arguments)
    assert found.status == 2
    assert found.out == ""
    assert reason in found.err
    assert found.err.count("\n") == 1
    assert (tmp_path / "news.txt").read_text(encoding="utf-8") == WRONG


def test_starting_takes_no_numpy() -> None:
    code = (
        "import sys; from pnews import normalize; normalize.normalize('میرود');"
        "print(*sorted({'numpy', 'onnxruntime', 'hazm', 'parsivar', 'rich'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, check=True)
    assert found.stdout.split() == []

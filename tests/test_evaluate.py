"""`pnews evaluate`: counting, reading gold, errors."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from pnews.cli import cli
from pnews.errors import InputError
from pnews.evaluate import (
    Evaluation,
    Placed,
    Score,
    as_json,
    calibration_error,
    evaluate,
    score,
    table,
)


class Fixed:
    """Labels by a table of words."""

    name = "fixed 1"

    def __init__(self, **labels: str) -> None:
        self.labels = labels

    def tag(self, sentences: Sequence[Sequence[str]]) -> list[list[tuple[str, float]]]:
        return [[(self.labels.get(word, "O"), 1.0) for word in words] for words in sentences]


TAGGER = Fixed(حسن="B-PER", روحانی="I-PER", تهران="B-LOC", سپاه="B-ORG", دیروز="B-DATE")

TABLE = """حسن\tB-PER
روحانی\tI-PER
دیروز\tO
آمد\tO

سپاه\tB-LOC
تهران\tB-LOC
نطنز\tB-FAC
"""


def write(path: Path, text: str) -> str:
    path.write_bytes(text.encode())
    return str(path)


def test_ends_and_type_must_be_right() -> None:
    gold = [Placed("1", 0, 2, "PER"), Placed("1", 3, 4, "LOC"), Placed("2", 0, 2, "PER")]
    found = [Placed("1", 0, 2, "PER"), Placed("1", 3, 4, "ORG"), Placed("2", 0, 1, "PER")]

    assert score(gold, found, types=["PER", "LOC", "ORG"]) == {
        "PER": Score(gold=2, predicted=2, right=1),
        "LOC": Score(gold=1, predicted=0, right=0),
        "ORG": Score(gold=0, predicted=1, right=0),
        "all": Score(gold=3, predicted=3, right=1),
    }


def test_precision_recall_and_f1() -> None:
    counted = Score(gold=8, predicted=4, right=3)

    assert (counted.precision, counted.recall, counted.f1) == (0.75, 0.375, 0.5)


def test_nothing_to_count_is_zero() -> None:
    nothing = Score(gold=0, predicted=0, right=0)

    assert (nothing.precision, nothing.recall, nothing.f1) == (0, 0, 0)


def test_a_table_is_scored_as_tagged(tmp_path: Path) -> None:
    path = write(tmp_path / "gold.tsv", TABLE)

    scores = evaluate(path, scheme="news", tagger=TAGGER).scores

    assert scores["PER"] == Score(1, 1, 1)
    assert scores["LOC"] == Score(2, 1, 1)
    assert scores["FAC"] == Score(1, 0, 0)
    assert scores["all"] == Score(4, 4, 2)


def test_a_table_goes_through_the_chain_and_is_scored_in_its_own_text(tmp_path: Path) -> None:
    path = write(tmp_path / "gold.tsv", "كتاب\tO\nهاي\tO\nتهران\tB-LOC\nرا\tO\nخريد\tO\n")

    class Joined(Fixed):
        def tag(self, sentences: Sequence[Sequence[str]]) -> list[list[tuple[str, float]]]:
            assert sentences == [["کتاب\u200cهای", "تهران", "را", "خرید"]]
            return super().tag(sentences)

    assert evaluate(path, tagger=Joined(تهران="B-LOC")).scores["all"] == Score(1, 1, 1)


def test_types_outside_the_scheme_do_not_count(tmp_path: Path) -> None:
    path = write(tmp_path / "gold.tsv", TABLE)

    scores = evaluate(path, scheme="arman", tagger=TAGGER).scores

    assert "DATE" not in scores
    assert scores["all"] == Score(4, 3, 2)


def test_windows_line_ends_and_a_bom_do_not_matter(tmp_path: Path) -> None:
    path = write(tmp_path / "gold.tsv", "\ufeff" + TABLE.replace("\n", "\r\n"))

    assert evaluate(path, tagger=TAGGER).scores["all"] == Score(4, 4, 2)


def article(folder: Path, name: str, text: str, *marks: tuple[str, str], date: str) -> None:
    entities = [
        {"type": type_, "start": text.index(part), "end": text.index(part) + len(part)}
        for part, type_ in marks
    ]
    write(folder / f"{name}.txt", text)
    write(folder / f"{name}.json", json.dumps({"date": date, "entities": entities}))


def test_a_folder_is_scored_in_source_offsets(tmp_path: Path) -> None:
    article(
        tmp_path, "a", "سفر\r\nحسن   روحانی از تهران رفت.", ("حسن   روحانی", "PER"),
        ("تهران", "LOC"), date="2019-09-01",
    )  # fmt: skip
    article(tmp_path, "b", "تهران", ("تهران", "ORG"), date="2019-09-02")

    scores = evaluate(str(tmp_path), tagger=TAGGER).scores

    assert scores["PER"] == Score(1, 1, 1)
    assert scores["LOC"] == Score(1, 2, 1)
    assert scores["all"] == Score(3, 3, 2)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("تهران\tB-LOC\nرفت O\n", "line 2 has no tab; write a token, a tab and its label"),
        ("تهران\tLOC\n", "line 1: 'LOC' is not a label; write O, B-TYPE or I-TYPE"),
        ("\n\n", "no sentences"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, text: str, message: str) -> None:
    path = write(tmp_path / "gold.tsv", text)

    with pytest.raises(InputError, match=message) as caught:
        evaluate(path, tagger=TAGGER)

    assert str(caught.value).startswith(path)


def test_a_folder_without_pairs_is_named(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", "تهران")

    with pytest.raises(InputError, match=r"no pair of NAME\.txt and NAME\.json"):
        evaluate(str(tmp_path), tagger=TAGGER)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.tsv: no such file"):
        evaluate(str(tmp_path / "none.tsv"), tagger=TAGGER)


def test_bytes_that_are_not_utf8_are_named(tmp_path: Path) -> None:
    (tmp_path / "gold.tsv").write_bytes(b"\xd5\xe4\tO\n")

    with pytest.raises(InputError, match=r"gold\.tsv: byte 0 is not UTF-8"):
        evaluate(str(tmp_path / "gold.tsv"), tagger=TAGGER)


@pytest.mark.parametrize(
    ("marks", "message"),
    [
        ("[]", "a.json: Expected `object`"),
        ('{"entities": [{"type": "LOC", "start": 0, "end": 99}]}', "0-99 is no range of a.txt"),
        ('{"entities": [{"type": "LOC", "start": 3}]}', "missing required field `end`"),
    ],
)
def test_wrong_marks_are_named(tmp_path: Path, marks: str, message: str) -> None:
    write(tmp_path / "a.txt", "تهران")
    write(tmp_path / "a.json", marks)

    with pytest.raises(InputError, match=message):
        evaluate(str(tmp_path), tagger=TAGGER)


def test_the_calibration_error_is_the_mean_gap_of_score_and_share_of_right_ones() -> None:
    assert calibration_error([(0.9, True)] * 9 + [(0.9, False)]) == pytest.approx(0)
    assert calibration_error([(1.0, True), (1.0, False)]) == pytest.approx(0.5)
    assert calibration_error([(1.0, True), (0.3, False)]) == pytest.approx(0.15)
    assert calibration_error([]) == 0


def test_the_table_stands_in_columns() -> None:
    scores = {"PER": Score(8, 4, 3), "all": Score(800, 4, 3)}

    *lines, last = table(Evaluation(scores, 0.0123)).splitlines()

    assert lines[1].split() == ["PER", "8", "4", "3", "75.00", "37.50", "50.00"]
    assert len({len(line) for line in lines}) == 1
    assert last == "expected calibration error 0.0123"


def test_the_json_says_the_same() -> None:
    made = json.loads(as_json(Evaluation({"all": Score(8, 4, 3)}, 0.01234)))

    assert made == {
        "all": {
            "gold": 8,
            "predicted": 4,
            "right": 3,
            "precision": 0.75,
            "recall": 0.375,
            "f1": 0.5,
        },
        "calibration_error": 0.0123,
    }


def test_the_command_prints_either(tmp_path: Path) -> None:
    path = write(tmp_path / "gold.tsv", "حسن\tB-PER\nروحانی\tI-PER\nرفت\tO\n.\tO\n")
    run = CliRunner().invoke

    plain, made = run(cli, ["evaluate", path]), run(cli, ["evaluate", path, "--format", "json"])

    assert plain.output.splitlines()[-2].split()[:4] == ["all", "1", "1", "1"]
    assert json.loads(made.output)["all"]["f1"] == 1.0

"""`pnews evaluate`: counting, reading gold, errors."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from nervaluate.evaluator import Evaluator

from pnews.cli import cli
from pnews.errors import InputError
from pnews.evaluate import (
    Article,
    Evaluation,
    Placed,
    Predictions,
    Score,
    calibration_error,
    compare,
    confusions,
    evaluate,
    evaluated,
    read_gold,
    score,
)
from pnews.evaluate.chance import differences
from pnews.evaluate.report import as_json, table


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
        (
            '{"entities": [{"type": "LOC", "start": 0, "end": 99}]}',
            "a.json: 0-99 is no range",
        ),
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


GOLD = [
    Article("1", "حسن روحانی از تهران رفت", None, [(0, 10, "PER"), (14, 19, "LOC")]),
    Article("2", "سپاه در نطنز", None, [(0, 4, "ORG"), (8, 12, "FAC")]),
]
PREDICTED: Predictions = {
    Placed("1", 0, 10, "PER"): 0.9,
    Placed("1", 11, 19, "LOC"): 0.6,
    Placed("2", 0, 4, "LOC"): 0.7,
}


def found_of(predicted: Predictions = PREDICTED, *, scheme: str = "arman") -> Evaluation:
    return evaluated(GOLD, predicted, scheme=scheme, seed=0)


def test_partial_gives_half_for_an_overlap_and_type_only_a_whole() -> None:
    found = found_of()

    assert found.scores["all"] == Score(gold=4, predicted=3, right=1)
    assert found.partial["all"] == pytest.approx((2.5 / 3, 2.5 / 4, 5 / 7))
    assert found.type_only["all"] == pytest.approx((2 / 3, 2 / 4, 4 / 7))
    assert found.partial["LOC"] == pytest.approx((0.25, 0.5, 1 / 3))
    assert found.type_only["PRODUCT"] == (0, 0, 0)


def test_confusions_pair_what_overlaps_whatever_its_ends() -> None:
    none = {"PER": 0, "ORG": 0, "LOC": 0, "FAC": 0, "none": 0}

    assert found_of().confusions == {
        "PER": {**none, "PER": 1},
        "ORG": {**none, "LOC": 1},
        "LOC": {**none, "LOC": 1},
        "FAC": {**none, "none": 1},
    }


def test_a_span_of_the_right_type_is_paired_before_a_longer_one() -> None:
    gold = [Placed("1", 0, 10, "PER")]
    predicted = [Placed("1", 0, 3, "PER"), Placed("1", 3, 10, "LOC")]

    assert confusions(gold, predicted, types=["PER", "LOC"]) == {
        "PER": {"PER": 1, "LOC": 0, "none": 0},
        "none": {"PER": 0, "LOC": 1, "none": 0},
    }


def test_the_texts_with_most_mistakes_come_first() -> None:
    first, second = found_of().mistaken

    assert (first.id, first.mistakes, second.id, second.mistakes) == ("2", 3, "1", 2)
    assert [span.type for span in first.missed] == ["ORG", "FAC"]
    assert first.spurious == [Placed("2", 0, 4, "LOC")]


spans = st.lists(
    st.tuples(st.integers(0, 3), st.integers(1, 4), st.sampled_from(["PER", "LOC", "ORG"])),
    max_size=12,
)


def placed(gaps: Sequence[tuple[int, int, str]]) -> list[Placed]:
    """Spans that don't overlap, from the gap before each and its length."""
    made, at = [], 0
    for gap, length, type_ in gaps:
        at += gap
        made.append(Placed(str(at // 20), at, at + length, type_))
        at += length
    return made


@given(spans, spans)
def test_the_strict_scores_are_nervaluates(
    one: Sequence[tuple[int, int, str]], other: Sequence[tuple[int, int, str]]
) -> None:
    types = ["PER", "LOC", "ORG"]
    gold, predicted = placed(one), placed(other)
    places = sorted({span.place for span in (*gold, *predicted)})
    if not places:
        return
    sides = [
        [
            [
                {"label": span.type, "start": span.start, "end": span.end - 1}
                for span in side
                if span.place == place
            ]
            for place in places
        ]
        for side in (gold, predicted)
    ]
    theirs = Evaluator(*sides, tags=types, loader="dict").evaluate()["overall"]["strict"]

    ours = score(gold, predicted, types=types)["all"]
    assert (ours.precision, ours.recall) == pytest.approx((theirs.precision, theirs.recall))
    assert ours.right == theirs.correct


def test_the_interval_is_seeded_and_holds_the_score() -> None:
    one, again = found_of(), found_of()
    other = evaluated(GOLD, PREDICTED, scheme="arman", seed=1)

    low, high = one.intervals["all"]
    assert one.intervals == again.intervals == other.intervals
    assert low <= one.scores["all"].f1 <= high
    assert (low, high) == pytest.approx((0, 0.5))
    assert one.intervals["PRODUCT"] == (0, 0)


def counts_of(rights: Sequence[int]) -> np.ndarray:
    """Articles of ten gold and ten predicted spans of one type, so many of them right."""
    each = np.array([[10.0, 10.0, right] for right in rights])
    return np.stack([each, each], axis=1)


def test_a_system_does_not_differ_from_itself() -> None:
    same = counts_of([3, 5, 9])

    assert differences(same, same, types=["PER"], seed=0)["all"] == (0, (0, 0), 1)


def test_what_is_better_on_each_of_many_texts_is_not_chance() -> None:
    better, worse = counts_of([8] * 20), counts_of([6, 7] * 10)

    made = differences(better, worse, types=["PER"], seed=0)["all"]

    assert made.f1 == pytest.approx(0.15)
    assert made.interval.low > 0.1
    assert made.p < 0.001


def test_three_texts_can_not_tell_two_systems_apart() -> None:
    """All three must swap together or not at all: 2 of 8 ways."""
    made = differences(counts_of([8] * 3), counts_of([6] * 3), types=["PER"], seed=0)["all"]

    assert made.p == pytest.approx(0.25, abs=0.02)


def test_the_table_stands_in_columns() -> None:
    strict, loose, confused, worst = table(found_of()).split("\n\n")

    assert strict.splitlines()[1].split() == ["PER", "1", "1", "1", "100.00", "100.00", "100.00"]
    assert len({len(line) for line in strict.splitlines()[:-2]}) == 1
    assert strict.splitlines()[-1] == "expected calibration error 0.4667"
    assert loose.splitlines()[-1].split() == [
        "all", "83.33", "62.50", "71.43", "66.67", "50.00", "57.14",
    ]  # fmt: skip
    assert confused.splitlines()[2].split() == ["ORG", ".", ".", "1", ".", "."]
    assert worst.splitlines()[1].split() == ["3", "0.00", "2"]


def test_the_json_says_the_same() -> None:
    made = json.loads(as_json(found_of()))

    assert made["PER"] == {
        "gold": 1,
        "predicted": 1,
        "right": 1,
        "precision": 1,
        "recall": 1,
        "f1": 1,
        "interval": [0, 1],
        "partial": {"precision": 1, "recall": 1, "f1": 1},
        "type_only": {"precision": 1, "recall": 1, "f1": 1},
    }
    assert made["calibration_error"] == 0.4667
    assert made["confusions"]["ORG"]["LOC"] == 1
    assert made["worst"][0]["missed"][0] == {"start": 0, "end": 4, "type": "ORG", "text": "سپاه"}


def test_predictions_without_scores_have_no_calibration_error() -> None:
    found = found_of(dict.fromkeys(PREDICTED, None))

    assert found.calibration_error is None
    assert "calibration" not in table(found) + as_json(found)


def records(path: Path, *marked: tuple[str, str, list[tuple[int, int, str]]]) -> str:
    """JSON Lines of ids, texts and marks."""
    names = "start", "end", "type"
    lines = []
    for one, text, marks in marked:
        entities = [dict(zip(names, mark, strict=True)) for mark in marks]
        lines.append(json.dumps({"id": one, "text": text, "entities": entities}))
    return write(path, "\n".join(lines))


def test_gold_in_json_lines(tmp_path: Path) -> None:
    path = records(tmp_path / "gold.jsonl", *((one.id, one.text, one.marks) for one in GOLD))

    scores = evaluate(path, tagger=TAGGER).scores

    assert scores["PER"] == Score(1, 1, 1)
    assert scores["all"] == Score(4, 3, 3)


def test_gold_may_be_what_pnews_wrote(tmp_path: Path) -> None:
    text = json.dumps({"id": "7", "text": "جو بایدن به باکو رفت.", "date": "2022-05-28"})
    lines = CliRunner().invoke(cli, ["entities"], input=text).output
    path = write(tmp_path / "gold.jsonl", lines)

    (read,) = read_gold(path)
    found = evaluate(path, predictions=path)

    assert (read.id, read.date) == ("7", "2022-05-28")
    assert found.scores["all"].f1 == 1
    assert found.calibration_error is not None


CONLL = """# id = a
حسن NN B-PER
روحانی NN I-PER
. P O

#ایران NN B-LOC
رفت VB O

# id = b
تهران NN B-LOC
"""


def test_gold_in_conll_with_documents(tmp_path: Path) -> None:
    first, second = read_gold(write(tmp_path / "gold.conll", CONLL))

    assert (first.id, first.text) == ("a", "حسن روحانی .\n#ایران رفت")
    assert [(first.text[start:end], type_) for start, end, type_ in first.marks] == [
        ("حسن روحانی", "PER"),
        ("#ایران", "LOC"),
    ]
    assert (second.id, second.text, second.marks) == ("b", "تهران", [(0, 5, "LOC")])


def test_what_annotate_writes_as_conll_is_gold(tmp_path: Path) -> None:
    out = CliRunner().invoke(cli, ["annotate", "-f", "conll"], input="جو بایدن به باکو رفت.")

    (read,) = read_gold(write(tmp_path / "gold.conll", out.output))

    assert (read.id, read.text) == ("-", "جو بایدن به باکو رفت .")
    assert [type_ for _, _, type_ in read.marks] == ["PER", "LOC"]


def test_predictions_take_the_place_of_the_pipeline(tmp_path: Path) -> None:
    gold = write(tmp_path / "gold.tsv", TABLE)
    mine = write(tmp_path / "mine.tsv", TABLE.replace("B-FAC", "B-LOC").replace("I-PER", "O"))

    scores = evaluate(gold, predictions=mine).scores

    assert scores["all"] == Score(4, 4, 2)


@pytest.mark.parametrize(
    ("mine", "message"),
    [
        ([("1", GOLD[0].text, [])], "mine.jsonl: no document 2; predict every document"),
        (
            [("1", GOLD[0].text, []), ("2", "سپاه در  نطنز", [])],
            "mine.jsonl: 2 has another text than in gold",
        ),
        ([("1", "تهران", [(0, 9, "LOC")])], "1: 0-9 is no range of its text"),
        ([("1", "تهران", []), ("1", "باکو", [])], "two documents have the id 1"),
    ],
)
def test_predictions_that_do_not_fit_are_named(
    tmp_path: Path, mine: list[tuple[str, str, list[tuple[int, int, str]]]], message: str
) -> None:
    gold = records(tmp_path / "gold.jsonl", *((one.id, one.text, one.marks) for one in GOLD))

    with pytest.raises(InputError, match=message):
        evaluate(gold, predictions=records(tmp_path / "mine.jsonl", *mine))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ({"id": "1", "text": "باکو"}, "1: no entities; mark them"),
        ({"id": "1", "text": "باکو", "entities": [{"type": "LOC"}]}, "missing required field"),
    ],
)
def test_json_lines_without_marks_are_named(
    tmp_path: Path, line: dict[str, object], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        read_gold(write(tmp_path / "gold.jsonl", json.dumps(line)))


def test_two_files_are_compared(tmp_path: Path) -> None:
    gold = records(tmp_path / "gold.jsonl", *((one.id, one.text, one.marks) for one in GOLD))
    none = records(tmp_path / "none.jsonl", *((one.id, one.text, []) for one in GOLD))

    both = compare(gold, (gold, none))
    run = CliRunner().invoke
    plain = run(cli, ["evaluate", gold, "--compare", gold, none])
    made = run(cli, ["evaluate", gold, "--compare", gold, none, "--format", "json"])

    assert both.differences["all"].f1 == 1
    assert both.differences["all"].p == pytest.approx(0.5, abs=0.03)
    assert plain.output.splitlines()[-2].split()[:4] == ["all", "100.00", "0.00", "+100.00"]
    assert json.loads(made.output)["all"]["difference"] == 1


def test_models_are_compared(tmp_path: Path) -> None:
    path = write(tmp_path / "gold.tsv", "جو\tB-PER\nبایدن\tI-PER\nرفت\tO\n.\tO\n")

    both = compare(path, ("fast", "accurate"))

    assert [scores["PER"].right for scores in both.scores] == [1, 1]
    assert both.differences["PER"] == (0, (0, 0), 1)


def test_the_command_prints_either(tmp_path: Path) -> None:
    path = write(tmp_path / "gold.tsv", "حسن\tB-PER\nروحانی\tI-PER\nرفت\tO\n.\tO\n")
    run = CliRunner().invoke

    plain, made = run(cli, ["evaluate", path]), run(cli, ["evaluate", path, "--format", "json"])

    assert ["all", "1", "1", "1"] in [line.split()[:4] for line in plain.output.splitlines()]
    assert json.loads(made.output)["all"]["f1"] == 1.0

"""Strict span scores against gold: a span counts when its ends and its type are right.

Gold is a CoNLL-like table (token, tab, IOB2 label, blank line between sentences), each sentence
a text of its own with its tokens joined by one space, or a folder of articles `NAME.txt` with
marks `NAME.json` in source offsets. All go through the whole chain.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

import msgspec

from pnews.document import Document, new_document
from pnews.entities import schemes
from pnews.entities.tagger import Tagger, load
from pnews.errors import InputError
from pnews.pipeline import Pipeline

ALL = "all"

Mark = tuple[int, int, str]
"""Start and end in the source, and type."""


class Placed(NamedTuple):
    """A span of one type in one article."""

    place: str
    start: int
    end: int
    type: str


class _Mark(msgspec.Struct):
    type: str
    start: int
    end: int


class _Marks(msgspec.Struct):
    entities: list[_Mark]
    date: str | None = None


class Score(NamedTuple):
    """Counts of one type, or of all."""

    gold: int
    predicted: int
    right: int

    @property
    def precision(self) -> float:
        """Right among predicted; 0 where nothing was predicted."""
        return self.right / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Right among gold; 0 where there is no gold."""
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.gold + self.predicted
        return 2 * self.right / both if both else 0.0


class Article(NamedTuple):
    """A gold article: its text, its day of publication and its marks."""

    id: str
    text: str
    date: str | None
    marks: list[Mark]

    def document(self) -> Document:
        """The article before any stage."""
        return new_document(self.text, id=self.id, date=self.date)


class Evaluation(NamedTuple):
    """How right a tagger is, and how well it knows it."""

    scores: dict[str, Score]
    """Of each type, and of `all` together."""
    calibration_error: float
    """Expected calibration error of the entities' scores (Naeini et al. 2015), 0 to 1."""


def evaluate(path: str, *, scheme: str = "news", tagger: Tagger | None = None) -> Evaluation:
    """How a tagger does on gold, in the types of a scheme; raises InputError.

    `tagger` takes the place of the scheme's own.
    """
    types = schemes.types(scheme)
    chosen = tagger or load(scheme)
    found = Path(path)
    articles = read_articles(found) if found.is_dir() else table_articles(found)
    gold, predicted = in_articles(articles, chosen, scheme=scheme)
    counted = [(sure, place in gold) for place, sure in predicted.items() if place.type in types]
    return Evaluation(score(gold, predicted, types=types), calibration_error(counted))


def score(
    gold: Iterable[Placed], predicted: Iterable[Placed], *, types: Sequence[str]
) -> dict[str, Score]:
    """Scores by type, then those of `all`; spans of other types don't count."""
    gold, predicted = set(gold), set(predicted)
    counts = [Counter(span.type for span in spans) for spans in (gold, predicted, gold & predicted)]
    scores = {type_: Score(*(count[type_] for count in counts)) for type_ in types}
    totals = (sum(column) for column in zip(*scores.values(), strict=True))
    return {**scores, ALL: Score(*totals)}


def calibration_error(counted: Sequence[tuple[float, bool]]) -> float:
    """Expected calibration error of scores and whether each was right, in ten bins of one width:
    the mean distance, over all, between a bin's mean score and its share of right ones.
    """
    bins: dict[int, list[tuple[float, bool]]] = {}
    for sure, right in counted:
        bins.setdefault(min(int(sure * 10), 9), []).append((sure, right))
    gaps = (abs(sum(sure - right for sure, right in found)) for found in bins.values())
    return sum(gaps) / len(counted) if counted else 0.0


def in_articles(
    articles: Sequence[Article], tagger: Tagger, *, scheme: str
) -> tuple[set[Placed], dict[Placed, float]]:
    """Gold spans of the articles, and predicted ones with their scores, in the text as read."""
    chain = Pipeline(last="entities", options={"entities": {"scheme": scheme, "tagger": tagger}})
    documents = chain(article.document() for article in articles)
    return (
        {Placed(article.id, *mark) for article in articles for mark in article.marks},
        {
            Placed(document.id, entity.start, entity.end, entity.type): entity.score
            for document in documents
            for entity in document.entities
        },
    )


def read_table(path: Path) -> list[tuple[list[str], list[str]]]:
    """Words and labels of each sentence; raises InputError naming file and line."""
    sentences: list[tuple[list[str], list[str]]] = []
    words: list[str] = []
    labels: list[str] = []
    for number, line in enumerate((*_text(path).removeprefix("\ufeff").split("\n"), ""), 1):
        if line.strip():
            word, label = _row(line.rstrip("\r"), f"{path}: line {number}")
            words.append(word)
            labels.append(label)
        elif words:
            sentences.append((words, labels))
            words, labels = [], []
    if not sentences:
        raise InputError(f"{path}: no sentences; write a token, a tab and its label on each line")
    return sentences


def _row(line: str, place: str) -> tuple[str, str]:
    word, tab, label = line.rpartition("\t")
    if not tab or not word:
        raise InputError(f"{place} has no tab; write a token, a tab and its label")
    if not schemes.is_label(label):
        raise InputError(f"{place}: {label!r} is not a label; write O, B-TYPE or I-TYPE")
    return word, label


def table_articles(path: Path) -> list[Article]:
    """Each sentence of a table as a text, its tokens joined by one space; raises InputError."""
    return [
        _joined(str(number), words, labels)
        for number, (words, labels) in enumerate(read_table(path))
    ]


def _joined(id: str, words: Sequence[str], labels: Sequence[str]) -> Article:
    ends = list(accumulate(len(word) + 1 for word in words))
    marks = [
        (ends[span.start] - len(words[span.start]) - 1, ends[span.end - 1] - 1, span.type)
        for span in schemes.spans(labels)
    ]
    return Article(id, " ".join(words), None, marks)


def read_articles(folder: Path) -> list[Article]:
    """The pairs `NAME.txt` and `NAME.json` of a folder, by name; raises InputError."""
    pairs = [(path.with_suffix(".txt"), path) for path in sorted(folder.glob("*.json"))]
    articles = [_article(text, marks) for text, marks in pairs if text.is_file()]
    if not articles:
        raise InputError(f"{folder}: no pair of NAME.txt and NAME.json; put gold articles there")
    return articles


def _article(text_path: Path, marks_path: Path) -> Article:
    text = _text(text_path)
    try:
        record = msgspec.json.decode(marks_path.read_bytes(), type=_Marks)
    except msgspec.DecodeError as error:
        raise InputError(
            f'{marks_path}: {error}; write {{"entities": [{{"type": …, "start": …, "end": …}}]}}'
        ) from None
    marks = [(mark.start, mark.end, mark.type) for mark in record.entities]
    for start, end, _ in marks:
        if not 0 <= start < end <= len(text):
            raise InputError(
                f"{marks_path}: {start}-{end} is no range of {text_path.name}; correct the mark"
            )
    return Article(text_path.name, text, record.date or None, marks)


def _text(path: Path) -> str:
    """The file as it is, line ends too, because marks count characters."""
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise InputError(f"{path}: no such file; check the name") from None
    except OSError as error:
        raise InputError(f"{path}: can't be read: {error.strerror}; check the file") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: byte {error.start} is not UTF-8; convert the file") from None


def table(found: Evaluation) -> str:
    """The scores as aligned columns, in percent."""
    head = f"{'type':<8} {'gold':>6} {'found':>6} {'right':>6} {'P':>7} {'R':>7} {'F1':>7}"
    lines = [head, *(_line(name, score) for name, score in found.scores.items())]
    return "\n".join([*lines, f"expected calibration error {found.calibration_error:.4f}"])


def _line(name: str, score: Score) -> str:
    counts = f"{score.gold:>6} {score.predicted:>6} {score.right:>6}"
    shares = (score.precision, score.recall, score.f1)
    return f"{name:<8} {counts} " + " ".join(f"{100 * share:>7.2f}" for share in shares)


def as_json(found: Evaluation) -> str:
    """The scores as one JSON object by type; shares from 0 to 1."""
    fields: dict[str, object] = {name: _fields(score) for name, score in found.scores.items()}
    fields["calibration_error"] = round(found.calibration_error, 4)
    return json.dumps(fields, indent=1)


def _fields(score: Score) -> dict[str, float]:
    shares = {"precision": score.precision, "recall": score.recall, "f1": score.f1}
    return {**score._asdict(), **{name: round(share, 4) for name, share in shares.items()}}

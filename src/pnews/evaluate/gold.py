"""Gold and predictions: tables of tokens and labels, pnews JSON Lines, folders of articles.

A table has a token and its IOB2 label a line, a blank line between sentences: the first and the
last of columns that a tab parts (or blanks, where its first line has no tab). Each sentence is a
text of its own, its tokens joined by one space; or, where lines `# id = …` begin documents, as in
what `pnews annotate --format conll` writes, a document is, a sentence a line.

JSON Lines hold documents of pnews, or records `{"text": …, "entities": [{"type": …, "start": …,
"end": …}]}`. A folder holds articles `NAME.txt` with marks `NAME.json` of that shape. Marks are
source offsets.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, count, groupby
from pathlib import Path
from typing import NamedTuple

import msgspec

from pnews.document import Document, new_document
from pnews.entities import schemes
from pnews.errors import InputError
from pnews.formats.read import read

Mark = tuple[int, int, str]
"""Start and end in the source, and type."""

START = "-DOCSTART-"
"""The token of a line that CoNLL 2003 puts before each document."""


class _Mark(msgspec.Struct):
    type: str
    start: int
    end: int
    score: float | None = None


class _Marks(msgspec.Struct):
    entities: list[_Mark]
    date: str | None = None


class Article(NamedTuple):
    """A gold article: its text, its day of publication and its marks.

    `scores` are those of the marks where they are predictions that have some.
    """

    id: str
    text: str
    date: str | None
    marks: list[Mark]
    scores: list[float] | None = None

    def document(self) -> Document:
        """The article before any stage."""
        return new_document(self.text, id=self.id, date=self.date)


class _Sentence(NamedTuple):
    document: str | None
    words: list[str]
    labels: list[str]


def read_gold(path: str) -> list[Article]:
    """The articles of a folder, of JSON Lines or of a table; raises InputError."""
    found = Path(path)
    if found.is_dir():
        articles = read_articles(found)
    elif _text(found).lstrip("\ufeff \t\r\n").startswith("{"):
        articles = json_articles(found)
    else:
        articles = table_articles(found)
    seen: set[str] = set()
    for article in articles:
        if article.id in seen:
            raise InputError(f"{path}: two documents have the id {article.id}; give each its own")
        seen.add(article.id)
    return articles


def json_articles(path: Path) -> list[Article]:
    """The documents of JSON Lines with their entities as marks; raises InputError."""
    return [_marked(document, path) for document in read([str(path)])]


def _marked(document: Document, path: Path) -> Article:
    place = f"{path}: {document.id}"
    marks = document.entities if document.has("entities") else document.extra.get("entities")
    if marks is None:
        raise InputError(f"{place}: no entities; mark them, or annotate it with pnews entities")
    try:
        found = msgspec.convert(marks, list[_Mark], from_attributes=True)
    except msgspec.ValidationError as error:
        raise InputError(f"{place}: {error} in entities; {_SHAPE}") from None
    scores = [mark.score for mark in found if mark.score is not None]
    return Article(
        document.id,
        document.text,
        document.meta.date or None,
        _checked(found, len(document.text), place),
        scores if found and len(scores) == len(found) else None,
    )


_SHAPE = 'write {"entities": [{"type": …, "start": …, "end": …}]}'


def _checked(marks: Sequence[_Mark], length: int, place: str) -> list[Mark]:
    for mark in marks:
        if not 0 <= mark.start < mark.end <= length:
            raise InputError(
                f"{place}: {mark.start}-{mark.end} is no range of its text; correct the mark"
            )
    return [(mark.start, mark.end, mark.type) for mark in marks]


def read_table(path: Path) -> list[tuple[list[str], list[str]]]:
    """Words and labels of each sentence; raises InputError naming file and line."""
    return [(words, labels) for _, words, labels in _sentences(path)]


def _sentences(path: Path) -> list[_Sentence]:
    found: list[_Sentence] = []
    current = _Sentence(None, [], [])
    separator: str | None = ""
    for number, line in enumerate((*_text(path).removeprefix("\ufeff").split("\n"), ""), 1):
        line = line.rstrip("\r")
        comment = line.startswith("# ") and "\t" not in line
        if line.strip() and not comment and not line.startswith(START):
            separator = ("\t" if "\t" in line else None) if separator == "" else separator
            word, label = _row(line, separator, f"{path}: line {number}")
            current.words.append(word)
            current.labels.append(label)
            continue
        if current.words:
            found.append(current)
            current = _Sentence(current.document, [], [])
        if comment and line[1:].split("=")[0].strip() == "id":
            current = _Sentence(line.partition("=")[2].strip(), [], [])
    if not found:
        raise InputError(f"{path}: no sentences; write a token, a tab and its label on each line")
    return found


def _row(line: str, separator: str | None, place: str) -> tuple[str, str]:
    columns = line.split(separator)
    if len(columns) < 2 or not columns[0]:
        raise InputError(f"{place} has no tab; write a token, a tab and its label")
    word, label = columns[0], columns[-1]
    if not schemes.is_label(label):
        raise InputError(f"{place}: {label!r} is not a label; write O, B-TYPE or I-TYPE")
    return word, label


def table_articles(path: Path) -> list[Article]:
    """The sentences of a table, or its documents where it names them; raises InputError."""
    articles = []
    numbers = count()
    for name, sentences in groupby(_sentences(path), lambda sentence: sentence.document):
        if name is None:
            articles += [_joined(str(next(numbers)), [sentence]) for sentence in sentences]
        else:
            articles.append(_joined(name, list(sentences)))
    return articles


def _joined(id: str, sentences: Sequence[_Sentence]) -> Article:
    lines: list[str] = []
    marks: list[Mark] = []
    at = 0
    for _, words, labels in sentences:
        ends = list(accumulate((len(word) + 1 for word in words), initial=at))
        marks += [(ends[one.start], ends[one.end] - 1, one.type) for one in schemes.spans(labels)]
        lines.append(" ".join(words))
        at = ends[-1]
    return Article(id, "\n".join(lines), None, marks)


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
        raise InputError(f"{marks_path}: {error}; {_SHAPE}") from None
    marks = _checked(record.entities, len(text), str(marks_path))
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

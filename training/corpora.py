"""Readers of the corpora in $PNEWS_SHARED/data, which stay outside the project (their README
says what each is and under which licence).

A labelled sentence is its tokens and one IOB2 label a token.
"""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pnews.document import Sentence, new_document
from pnews.entities import schemes
from pnews.evaluate import Article, Mark, read_articles, read_table, table_articles
from pnews.pipeline import Pipeline

Labelled = tuple[list[str], list[str]]

ROOT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("PNEWS_SHARED", ROOT.parent / "shared")) / "data"
TEXT_FIELDS = ("title", "abstract", "summary", "text", "body")
NEWS = ("khabaryaab", "hamshahri", "fars", "varzesh3")


def labelled(corpus: str, part: str) -> list[Labelled]:
    """`peyma`, `arman`, `parstwiner` or `gold`; part `train` or `dev`."""
    if corpus == "gold":
        return article_sentences(articles(f"gold-{part}"))
    return read_table(SHARED / f"ner/{corpus}-{part}.tsv")


def marked(corpus: str, part: str) -> list[Article]:
    """The same as marked texts: whole articles, or one sentence a text."""
    if corpus == "gold":
        return articles(f"gold-{part}")
    return table_articles(SHARED / f"ner/{corpus}-{part}.tsv")


def articles(folder: str) -> list[Article]:
    """Whole articles with their marks, in source offsets."""
    return read_articles(SHARED / folder)


def article_sentences(marked: Sequence[Article]) -> list[Labelled]:
    """The articles through the chain up to tokens, each mark put on the tokens that it touches."""
    documents = Pipeline(last="tokenize")(article.document() for article in marked)
    return [
        _labelled(sentence, article.marks)
        for article, document in zip(marked, documents, strict=True)
        for sentence in document.sentences
    ]


def _labelled(sentence: Sentence, marks: Iterable[Mark]) -> Labelled:
    spans: list[schemes.Span] = []
    for start, end, type_ in sorted(marks):
        touched = [
            i for i, token in enumerate(sentence.tokens) if token.start < end and start < token.end
        ]
        if touched and not (spans and touched[0] < spans[-1].end):
            spans.append(schemes.Span(touched[0], touched[-1] + 1, type_))
    words = [token.text for token in sentence.tokens]
    return words, schemes.labels(spans, len(words))


def news_texts(names: Iterable[str] = NEWS) -> Iterator[str]:
    """The texts of all articles of these corpora of news, headline first."""
    for name in names:
        with gzip.open(SHARED / f"news/{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for line in lines:
                yield _text(json.loads(line))


def _text(record: dict[str, Any]) -> str:
    return "\n".join(record[field] for field in TEXT_FIELDS if record.get(field))


def news_sentences() -> Iterator[list[str]]:
    """The tokens of each sentence of the news, through the chain; repeated sentences once."""
    documents = Pipeline(last="tokenize")(new_document(text) for text in news_texts())
    seen: set[int] = set()
    for document in documents:
        for sentence in document.sentences:
            words = [token.text for token in sentence.tokens]
            mark = hash(tuple(words))
            if len(words) < 7 or mark not in seen:
                seen.add(mark)
                yield words


def plain_sentences() -> Iterator[list[str]]:
    """The news, and the well-edited lines that half-spaces are learnt from."""
    yield from news_sentences()
    for path in sorted((SHARED / "halfspace").glob("train-*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield line.split()

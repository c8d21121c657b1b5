"""Sentences and tokens, with lemmas."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from pnews.document import Document, Sentence, Stage, Token
from pnews.tokenize.lemmas import lemma
from pnews.tokenize.sentences import sentences
from pnews.tokenize.words import words


def stage() -> Stage:
    """Adds `sentences`, found in the normalised text."""
    return _tokenize


def _tokenize(documents: Iterable[Document]) -> Iterator[Document]:
    for document in documents:
        spans = sentences(document.aligned.text)
        yield replace(document, sentences=tuple(_sentence(document, *span) for span in spans))


def _sentence(document: Document, start: int, end: int) -> Sentence:
    aligned = document.aligned
    tokens = tuple(_token(document, *span) for span in words(aligned.text, start, end))
    return Sentence(*aligned.source_span(start, end), start, end, tokens)


def _token(document: Document, start: int, end: int) -> Token:
    aligned = document.aligned
    text = aligned.text[start:end]
    return Token(text, *aligned.source_span(start, end), start, end, lemma(text))

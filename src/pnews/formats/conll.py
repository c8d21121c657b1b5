"""CoNLL: a token and its IOB2 label a line, a blank line after each sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from pnews.document import Document


def write_conll(documents: Iterable[Document], stream: BinaryIO) -> None:
    """Each document starts with `# id = …`; columns are separated by a tab."""
    for document in documents:
        stream.write("\n".join([f"# id = {document.id}", *_lines(document), ""]).encode())


def _lines(document: Document) -> Iterator[str]:
    labels = dict(_labels(document))
    for sentence in document.sentences:
        for token in sentence.tokens:
            yield f"{token.text}\t{labels.get(token.norm_start, 'O')}"
        yield ""


def _labels(document: Document) -> Iterator[tuple[int, str]]:
    """Where a token of an entity starts, and its label."""
    tokens = document.tokens
    token = next(tokens, None)
    for entity in document.entities:
        prefix = "B"
        while token is not None and token.norm_start < entity.norm_end:
            if token.norm_start >= entity.norm_start:
                yield token.norm_start, f"{prefix}-{entity.type}"
                prefix = "I"
            token = next(tokens, None)

"""Plain text: the normalised text, or its tokens."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

from pnews.document import Document


def write_text(documents: Iterable[Document], stream: BinaryIO) -> None:
    """The normalised text, line for line."""
    for document in documents:
        stream.write(document.normalized.encode())
        if not document.normalized.endswith("\n"):
            stream.write(b"\n")


def write_tokens(documents: Iterable[Document], stream: BinaryIO) -> None:
    """One token a line, a blank line between sentences."""
    for document in documents:
        for sentence in document.sentences:
            lines = [token.text for token in sentence.tokens]
            stream.write("\n".join([*lines, "", ""]).encode())

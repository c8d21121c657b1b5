"""What a tagger is: tokens in, labels with scores out."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Protocol

from pnews.entities import schemes


class Tagger(Protocol):
    """Labels the tokens of sentences."""

    name: str
    """Goes to `meta.model`: model and version, `crf-news 1`."""

    def tag(self, sentences: Sequence[Sequence[str]]) -> list[list[tuple[str, float]]]:
        """For each token of each sentence an IOB2 label and its probability, 0 to 1."""
        ...


@cache
def load(scheme: str) -> Tagger:
    """The tagger of a scheme, kept once loaded.

    Raises InputError for an unknown scheme, ModelError for a missing or damaged model.
    """
    schemes.types(scheme)
    from pnews.entities.crf import load_crf

    return load_crf(scheme)

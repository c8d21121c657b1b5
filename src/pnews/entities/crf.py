"""The tagger as a linear-chain conditional random field (Lafferty et al. 2001), by CRFsuite."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import cache

import marisa_trie
import pycrfsuite

from pnews import data
from pnews.entities.features import Classes, Features
from pnews.errors import ModelError

PROTOCOL = "1"
"""Raised when features change, so that a model never meets features that it wasn't trained on."""

WORD_CLASSES = "crf-words.marisa"
LEXICONS = {"news": "n", "peyma": "p", "arman": "a"}
"""The letter that the entries of a corpus's own lexicon begin with."""


class CrfTagger:
    """A trained model and the features that it was trained on."""

    def __init__(self, name: str, model: bytes, features: Features) -> None:
        self.name = name
        self._model = model
        self._features = features
        self._tagger = pycrfsuite.Tagger()
        self._tagger.open_inmemory(model)

    def tag(self, sentences: Sequence[Sequence[str]]) -> list[list[tuple[str, float]]]:
        """The likeliest labels of each sentence, with their marginal probabilities."""
        return [self._tag(sentence) for sentence in sentences]

    def _tag(self, tokens: Sequence[str]) -> list[tuple[str, float]]:
        if not tokens:
            return []
        labels = self._tagger.tag(self._features(tokens))
        return [(label, self._tagger.marginal(label, i)) for i, label in enumerate(labels)]


def load_crf(scheme: str) -> CrfTagger:
    """The model of a scheme as it ships; raises ModelError if it is missing or damaged."""
    name = f"crf-{scheme}.crfsuite"
    return CrfTagger(_title(name), checked(name), Features(word_classes(scheme)))


def word_classes(scheme: str) -> Classes:
    """The classes that the models of a scheme see.

    A corpus's own lexicon is left out: it would tell the training what it shall learn.
    """
    return classes_from(_words().get, LEXICONS[scheme])


def classes_from(records: Callable[[str], list[bytes] | None], own: str) -> Classes:
    """Classes from records of names parted by spaces, less those that begin with `own`."""

    def classes(word: str) -> list[str]:
        found = records(word)
        names = found[0].decode("ascii").split(" ") if found else ()
        return [name for name in names if not name.startswith(own)]

    return classes


def checked(name: str) -> bytes:
    """A model file's bytes; raises ModelError unless `models.tsv` vouches for them."""
    path = data.path(name)
    found = path.read_bytes()
    if name not in _register():
        raise ModelError(f"{path}: not listed in models.tsv; install pnews again")
    protocol, _, digest = _register()[name]
    if protocol != PROTOCOL:
        raise ModelError(
            f"{path}: of protocol {protocol}, but this pnews reads {PROTOCOL}; install pnews again"
        )
    if hashlib.sha256(found).hexdigest() != digest:
        raise ModelError(f"{path}: damaged (its checksum is wrong); install pnews again")
    return found


def _register() -> dict[str, tuple[str, ...]]:
    """Protocol, version and SHA-256 of each model file."""
    return {name: tuple(rest) for name, *rest in data.rows("models")}


def _title(name: str) -> str:
    """`crf-news 1`: the model and its version."""
    version = _register().get(name, ("", "0"))[1]
    return f"{name.removesuffix('.crfsuite')} {version}"


@cache
def _words() -> marisa_trie.BytesTrie:
    return marisa_trie.BytesTrie().frombytes(checked(WORD_CLASSES))

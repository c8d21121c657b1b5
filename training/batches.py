"""Sentences as batches of pieces, of like lengths, for training and labelling."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import sentences
import store

from pnews.entities import schemes
from pnews.entities.pieces import BEGIN, END, PAD, Pieces, Vocabulary

LONGEST = 160
"""Pieces in a window; a longer sentence is cut in two or more."""
IGNORED = -100

HEADS = {"news": "gold", "peyma": "peyma", "arman": "arman", "parstwiner": "parstwiner"}
"""The output heads and the corpus that each learns from."""
OPEN = ("news",)
"""The head that learns from none of the corpora of others."""
PARSTWINER = ("PER", "ORG", "LOC", "EVENT", "NAT", "POG")


def types(head: str) -> tuple[str, ...]:
    """The entity types of a head."""
    return PARSTWINER if head == "parstwiner" else schemes.types(head)


def head_labels(head: str) -> tuple[str, ...]:
    """The labels of a head in the order of its outputs."""
    return schemes.alphabet(types(head))


def vocabulary() -> Vocabulary:
    """That of `training/encoder.py` as it ships, its logarithms of probability rounded."""
    whole = json.loads(store.path("tokenizer.json").read_text(encoding="utf-8"))
    known = whole["model"]["vocab"]
    return Vocabulary("\n".join(piece for piece, _ in known), [round(s, 4) for _, s in known])


def pieces() -> Pieces:
    """By that vocabulary."""
    return Pieces(vocabulary())


def ranges(heads: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Where the labels of each head stand among the outputs."""
    found: dict[str, tuple[int, int]] = {}
    at = 0
    for head in heads:
        found[head] = (at, at + len(head_labels(head)))
        at = found[head][1]
    return found


class Window(NamedTuple):
    """Part of a sentence: its pieces, where each word begins, and each word's label."""

    corpus: str
    ids: list[int]
    first: list[int]
    labels: list[int]
    words: list[str]


def windows(
    found: Iterable[sentences.Sentence], known_pieces: Pieces, numbers: dict[str, dict[str, int]]
) -> list[Window]:
    """Windows of at most `LONGEST` pieces; `numbers` gives each corpus's labels their outputs."""
    made = []
    for corpus, _, words, labels in found:
        known = numbers.get(corpus, {})
        ids, first, start = [BEGIN], [], 0
        for i, word in enumerate(known_pieces(words)):
            if len(ids) + len(word) + 1 > LONGEST:
                made.append(_window(corpus, ids, first, words[start:i], labels[start:i], known))
                ids, first, start = [BEGIN], [], i
            first.append(len(ids))
            ids = [*ids, *word]
        made.append(_window(corpus, ids, first, words[start:], labels[start:], known))
    return made


def _window(
    corpus: str,
    ids: list[int],
    first: list[int],
    words: list[str],
    labels: Sequence[str],
    known: dict[str, int],
) -> Window:
    return Window(corpus, [*ids, END], first, [known[label] for label in labels], words)


def grouped(
    lengths: Sequence[int], size: int, chance: random.Random | None = None
) -> list[list[int]]:
    """Numbers of items of like length, at most `size` padded pieces a batch; in random order."""
    jitter = chance.random if chance else lambda: 0.0
    order = sorted(range(len(lengths)), key=lambda i: lengths[i] + 6 * jitter())
    made: list[list[int]] = []
    longest = 0
    for i in order:
        longest = max(longest, lengths[i])
        if not made or longest * (len(made[-1]) + 1) > size:
            made.append([])
            longest = lengths[i]
        made[-1].append(i)
    if chance:
        chance.shuffle(made)
    return made


def arrays(batch: Sequence[Window]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pieces and labels (batch, length), lengths (batch); labels stand on first pieces."""
    longest = max(len(window.ids) for window in batch)
    ids = np.full((len(batch), longest), PAD, np.int64)
    labels = np.full((len(batch), longest), IGNORED, np.int64)
    lengths = np.array([len(window.ids) for window in batch], np.int64)
    for row, window in enumerate(batch):
        ids[row, : len(window.ids)] = window.ids
        labels[row, window.first] = window.labels
    return ids, lengths, labels

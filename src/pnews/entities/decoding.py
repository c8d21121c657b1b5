"""From a network's outputs to labels: the likeliest sequence that IOB2 allows (Viterbi 1967)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from pnews.entities import schemes, windows

Floats = npt.NDArray[np.float32]

FORBIDDEN = np.float32(-1e9)
BATCH = 2048
"""Padded words that are decoded together."""


class Decoder:
    """Decodes outputs over these labels, `O` first.

    `transitions` (labels + 1, labels) are what a first label (row 0) and each move (from, to) add
    to the logarithm of the probabilities. Scores are those of the outputs divided by
    `temperature`.
    """

    def __init__(
        self, labels: Sequence[str], *, temperature: float = 1.0, transitions: Floats | None = None
    ) -> None:
        self._labels = list(labels)
        self._temperature = np.float32(temperature)
        start, moves = legal(labels)
        learnt = np.zeros((len(labels) + 1, len(labels)), np.float32)
        learnt = learnt if transitions is None else transitions.astype(np.float32)
        self._start, self._moves = start + learnt[0], moves + learnt[1:]

    def __call__(self, outputs: Sequence[Floats]) -> list[list[tuple[str, float]]]:
        """Label and probability of each word; `outputs` are (words, labels) a sentence."""
        made: list[list[tuple[str, float]]] = [[] for _ in outputs]
        sizes = [len(rows) for rows in outputs]
        for batch in windows.batches(sizes, limit=BATCH):
            for i, tagged in zip(batch, self._decode([outputs[i] for i in batch]), strict=True):
                made[i] = tagged
        return made

    def _decode(self, batch: Sequence[Floats]) -> list[list[tuple[str, float]]]:
        if not len(batch[-1]):
            return [[] for _ in batch]
        padded = np.full((len(batch[-1]), len(self._labels), len(batch)), FORBIDDEN, np.float32)
        padded[:, 0] = 0  # after a sentence's end only O
        for place, rows in enumerate(batch):
            if len(rows):
                padded[: len(rows), :, place] = rows
        paths = viterbi(padded, self._start, self._moves)
        best = [paths[: len(rows), place] for place, rows in enumerate(batch)]
        sure = self._sure([rows for rows in batch if len(rows)], np.concatenate(best)).tolist()
        made, at = [], 0
        for path in best:
            labels = [self._labels[label] for label in path.tolist()]
            made.append(list(zip(labels, sure[at : at + len(labels)], strict=True)))
            at += len(labels)
        return made

    def _sure(self, batch: Sequence[Floats], labels: npt.NDArray[np.intp]) -> Floats:
        """The probability of the label of each word."""
        rows = np.concatenate(batch) / self._temperature
        rows -= rows.max(axis=1, keepdims=True)
        chosen = np.exp(rows[np.arange(len(rows)), labels])
        made: Floats = chosen / np.exp(rows).sum(axis=1)
        return made


def legal(labels: Sequence[str]) -> tuple[Floats, Floats]:
    """What the first label (labels) and each move (from, to) costs: nothing, or all.

    `I-TYPE` may follow only `B-TYPE` and `I-TYPE`.
    """
    inside = [label.startswith("I-") for label in labels]
    start = np.where(inside, FORBIDDEN, np.float32(0))
    moves = [
        [0.0 if not inside[j] or (old[1:] == new[1:] and old != schemes.OUTSIDE) else FORBIDDEN]
        for old in labels
        for j, new in enumerate(labels)
    ]
    return start, np.array(moves, np.float32).reshape(len(labels), len(labels))


def viterbi(scores: Floats, start: Floats, moves: Floats) -> npt.NDArray[np.intp]:
    """The labels (length, batch) of the best paths through scores (length, labels, batch).

    Scores need not be probabilities: what is added to all labels of a word changes no path.
    """
    length, _, size = scores.shape
    reached = np.empty_like(scores)
    reached[0] = scores[0] + start[:, None]
    added = moves[:, :, None]
    for i in range(1, length):
        ways = reached[i - 1][:, None] + added
        np.add(ways.max(axis=0), scores[i], out=reached[i])
    paths = np.empty((length, size), np.intp)
    paths[-1] = reached[-1].argmax(axis=0)
    for i in range(length - 1, 0, -1):
        paths[i - 1] = (reached[i - 1] + moves[:, paths[i]]).argmax(axis=0)
    return paths

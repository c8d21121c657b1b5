"""The two networks that give each word of a sentence its outputs, run by ONNX Runtime."""

from __future__ import annotations

import os
from collections.abc import Sequence
from itertools import chain
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from pnews.entities import features, windows
from pnews.entities.decoding import Floats
from pnews.entities.packs import Array, Pack
from pnews.entities.pieces import BEGIN, END, PAD, Pieces, shipped_pieces
from pnews.errors import InputError

Words = Sequence[str]

PROVIDERS = {"cpu": "CPUExecutionProvider", "cuda": "CUDAExecutionProvider"}
MOST_THREADS = 4
"""More gain nothing with sentences of news."""


class Network(Protocol):
    """Runs windows of sentences."""

    limit: int
    """Of the sizes of a window's words together."""
    overlap: int
    batch: int
    """Padded size that is run at once."""

    def sizes(self, words: Words) -> list[int]:
        """Of each word."""
        ...

    def run(self, parts: Sequence[Words]) -> list[Floats]:
        """Outputs (words, labels of all schemes) of each of a batch's windows."""
        ...


def outputs(network: Network, sentences: Sequence[Words]) -> list[Floats]:
    """Outputs (words, labels of all schemes) of each sentence, however long."""
    sizes = [network.sizes(words) for words in sentences]
    cut = windows.windows(sizes, limit=network.limit, overlap=network.overlap)
    made: list[list[Floats]] = [[] for _ in sentences]
    found: dict[int, Floats] = {}
    for batch in windows.batches([window.size for window in cut], limit=network.batch):
        parts = [sentences[cut[i].sentence][cut[i].start : cut[i].end] for i in batch]
        for i, rows in zip(batch, network.run(parts), strict=True):
            found[i] = rows[cut[i].first - cut[i].start : cut[i].last - cut[i].start]
    for i, window in enumerate(cut):
        made[window.sentence].append(found[i])
    return [_whole(parts) for parts in made]


def mixed_outputs(
    weighted: Sequence[tuple[Network, float]], sentences: Sequence[Words], columns: slice
) -> list[Floats]:
    """The sum of the networks' weighted outputs of each sentence, in these columns."""
    found = [
        [np.float32(weight) * rows[:, columns] for rows in outputs(network, sentences)]
        for network, weight in weighted
    ]
    return [sum(rows[1:], rows[0]) for rows in zip(*found, strict=True)]


def _whole(parts: list[Floats]) -> Floats:
    if len(parts) == 1:
        return parts[0]
    return np.concatenate(parts) if parts else np.zeros((0, 0), np.float32)


class Encoder:
    """Of pieces, BERT's layers (`training/graphs.py`); a word's outputs are its first piece's."""

    limit = 158
    """With the two marks at its ends a window has the 160 pieces of training."""
    overlap = 40
    batch = 1024

    def __init__(self, session: Any, pieces: Pieces) -> None:
        self._session = session
        self._pieces = pieces

    def sizes(self, words: Words) -> list[int]:
        """Pieces of each word."""
        return [len(found) for found in self._pieces(words)]

    def run(self, parts: Sequence[Words]) -> list[Floats]:
        """One call of the network."""
        found = [self._pieces(words) for words in parts]
        flat = [[BEGIN, *(i for word in words for i in word), END] for words in found]
        lengths = np.array([len(ids) for ids in flat], np.int32)
        ids = np.full((len(flat), int(lengths.max())), PAD, np.int64)
        for row, numbers in enumerate(flat):
            ids[row, : len(numbers)] = numbers
        (made,) = self._session.run(None, {"pieces": ids, "lengths": lengths})
        firsts = (np.cumsum([1, *(len(word) for word in words[:-1])]) for words in found)
        return [made[row, first] for row, first in enumerate(firsts)]


class Student:
    """Of words, convolutions (`training/student.py`) over vectors that are made once a word."""

    limit = 512
    overlap = 32
    """Twice the eight words that an output sees on either side, so windows change nothing."""
    batch = 512
    """So that what passes between the layers stays in the processor's cache."""
    cached_words = 20_000

    def __init__(
        self, session: Any, arrays: dict[str, Array], pieces: Pieces, classes: features.Classes
    ) -> None:
        self._session = session
        self._features = _Table(arrays["features"], arrays["features_scale"])
        self._piece_table = _Table(arrays["pieces"], arrays["pieces_scale"])
        self._pieces = pieces
        self._classes = classes
        width = self._features.width + self._piece_table.width
        self._vectors = np.zeros((1 + self.cached_words, width), np.float32)
        """Row 0 is what stands beyond a sentence's end."""
        self._known: dict[str, int] = {}

    def sizes(self, words: Words) -> list[int]:
        """A word is a word."""
        return [1] * len(words)

    def run(self, parts: Sequence[Words]) -> list[Floats]:
        """One call of the network."""
        self._learn(parts)
        known = self._known
        places = np.zeros((len(parts), max(len(words) for words in parts)), np.intp)
        for row, words in enumerate(parts):
            places[row, : len(words)] = [known[word] for word in words]
        mask = (places > 0).astype(np.float32)[:, :, None]
        (made,) = self._session.run(None, {"words": self._vectors[places], "mask": mask})
        return [made[row, : len(words)] for row, words in enumerate(parts)]

    def _learn(self, parts: Sequence[Words]) -> None:
        """Vectors of words that aren't known; a batch's words always find room."""
        words = {word for part in parts for word in part}
        new = [word for word in words if word not in self._known]
        if len(self._known) + len(new) > self.cached_words:
            self._known.clear()
            new = list(words)
        if new:
            at = 1 + len(self._known)
            self._vectors[at : at + len(new)] = self._made(new)
            self._known.update((word, at + i) for i, word in enumerate(new))

    def _made(self, words: Sequence[str]) -> Floats:
        """Sum of the features' rows, and mean of the pieces' rows."""
        size = self._features.rows
        described = [features.rows(word, self._classes, size) for word in words]
        pieces = self._pieces(words)
        counts = np.array([[len(found)] for found in pieces], np.float32)
        sums = self._features.sums(described), self._piece_table.sums(pieces) / counts
        made: Floats = np.concatenate(sums, axis=1, dtype=np.float32)
        return made


class _Table:
    """Rows of 8-bit integers with a scale each."""

    def __init__(self, table: Array, scale: Array) -> None:
        self.rows, self.width = table.shape
        self._table = table
        self._scale = scale.astype(np.float32)

    def sums(self, numbers: Sequence[Sequence[int]]) -> npt.NDArray[np.float32]:
        """The sum of the rows of each item, of which none is empty."""
        flat = np.fromiter(chain.from_iterable(numbers), np.intp)
        starts = np.cumsum([0, *map(len, numbers[:-1])])
        found = self._table[flat] * self._scale[flat]
        made: npt.NDArray[np.float32] = np.add.reduceat(found, starts, axis=0)
        return made


def build(pack: Pack, *, device: str, threads: int | None, pieces: Pieces | None = None) -> Network:
    """The network of a pack; raises InputError for a device that isn't there.

    `pieces` takes the place of those that ship.
    """
    session = open_session(pack.network, device=device, threads=threads)
    known = pieces or shipped_pieces()
    if "features" in pack.arrays:
        return Student(session, pack.arrays, known, features.shipped_classes(pack.facts.classes))
    return Encoder(session, known)


def open_session(model: bytes, *, device: str, threads: int | None) -> Any:
    """An ONNX Runtime session on `threads` threads; by default all cores, at most four."""
    import onnxruntime

    provider = PROVIDERS[device]
    if provider not in onnxruntime.get_available_providers():
        raise InputError(
            f"--device {device}: this onnxruntime can't; install onnxruntime-gpu, or leave it out"
        )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or min(MOST_THREADS, len(_cores()))
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Threads that spin while they wait take the cores of others.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(model, options, providers=[provider])


def _cores() -> Sequence[int]:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return range(os.cpu_count() or 1)

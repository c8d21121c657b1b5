"""Viterbi over legal labels; sentences cut to windows; windows put to batches."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pnews.entities import schemes, windows
from pnews.entities.decoding import Decoder, legal, viterbi

LABELS = schemes.alphabet(["PER", "LOC"])


def is_legal(labels: list[str]) -> bool:
    before = "O"
    for label in labels:
        if label.startswith("I-") and before[2:] != label[2:]:
            return False
        before = label
    return True


@given(st.integers(0, 10_000), st.integers(1, 5))
@settings(max_examples=50)
def test_the_path_is_the_best_of_all_legal_ones(seed: int, length: int) -> None:
    scores = np.random.default_rng(seed).normal(size=(length, 5, 1)).astype(np.float32)

    (found,) = viterbi(scores, *legal(LABELS)).T

    best = max(
        (path for path in itertools.product(range(5), repeat=length)
         if is_legal([LABELS[i] for i in path])),
        key=lambda path: sum(scores[i, label, 0] for i, label in enumerate(path)),
    )  # fmt: skip
    assert tuple(found) == best


@given(st.integers(0, 10_000), st.lists(st.integers(0, 9), min_size=1, max_size=6))
def test_decoded_labels_survive_spans_and_hang_on_no_other_sentence(
    seed: int, lengths: list[int]
) -> None:
    chance = np.random.default_rng(seed)
    outputs = [chance.normal(size=(length, 5)).astype(np.float32) for length in lengths]
    decode = Decoder(LABELS, temperature=1.3)

    made = decode(outputs)

    assert [len(tagged) for tagged in made] == lengths
    assert made == [decode([rows])[0] for rows in outputs]
    for tagged in made:
        labels = [label for label, _ in tagged]
        assert is_legal(labels)
        assert schemes.labels(schemes.spans(labels), len(labels)) == labels
        assert all(0 <= score <= 1 for _, score in tagged)


def test_an_inside_label_alone_is_never_decoded() -> None:
    rows = np.array([[0.0, 1.0, 5.0, 0.0, 0.0]], np.float32)

    assert Decoder(LABELS)([rows])[0][0][0] == "B-PER"


def test_transitions_move_the_path() -> None:
    rows = np.array([[0.0, 2.0, 0.0, 0.0, 0.0], [1.0, 0.0, 0.9, 0.0, 0.0]], np.float32)
    learnt = np.zeros((6, 5), np.float32)
    learnt[1 + LABELS.index("B-PER"), LABELS.index("I-PER")] = 0.5

    plain, moved = (Decoder(LABELS, transitions=t)([rows])[0] for t in (None, learnt))

    assert [label for label, _ in plain] == ["B-PER", "O"]
    assert [label for label, _ in moved] == ["B-PER", "I-PER"]


def test_a_greater_temperature_makes_scores_humbler() -> None:
    rows = np.array([[0.0, 4.0, 0.0, 0.0, 0.0]], np.float32)

    ((_, sure),), ((_, humble),) = (Decoder(LABELS, temperature=t)([rows])[0] for t in (1.0, 2.0))

    assert sure > humble > 0.5


SIZES = st.lists(st.lists(st.integers(1, 5), max_size=60), max_size=5)


@given(SIZES)
def test_every_word_is_kept_once_and_no_window_is_too_large(sizes: list[list[int]]) -> None:
    found = windows.windows(sizes, limit=20, overlap=8)

    kept = [(w.sentence, i) for w in found for i in range(w.first, w.last)]
    assert kept == [(number, i) for number, words in enumerate(sizes) for i in range(len(words))]
    for window in found:
        assert window.start <= window.first < window.last <= window.end
        assert window.size == sum(sizes[window.sentence][window.start : window.end]) <= 20


def test_a_word_is_kept_where_it_stands_farther_from_the_cut() -> None:
    first, second = windows.windows([[1] * 16], limit=10, overlap=4)

    assert (first.start, first.first, first.last, first.end) == (0, 0, 8, 10)
    assert (second.start, second.first, second.last, second.end) == (6, 8, 16, 16)


@pytest.mark.parametrize("limit", [1, 7, 30])
@given(sizes=st.lists(st.integers(0, 12)))
def test_batches_hold_each_item_once_and_at_most_the_limit(limit: int, sizes: list[int]) -> None:
    found = list(windows.batches(sizes, limit=limit))

    assert sorted(itertools.chain.from_iterable(found)) == list(range(len(sizes)))
    for batch in found:
        assert len(batch) == 1 or len(batch) * max(sizes[i] for i in batch) <= limit

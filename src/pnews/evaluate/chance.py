"""How much of a score is chance: intervals by bootstrap, and whether two systems differ.

All resample whole articles (sentences, where gold is a table without ids), and are seeded.
Counts are arrays `[articles, types, 3]` of gold, predicted and right spans.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pnews.evaluate.scores import ALL, Placed

SAMPLES = 1000
ROUNDS = 10_000
CHUNK = 1 << 22
"""Cells of the weights that are held at once."""

Counts = npt.NDArray[np.float64]


class Interval(NamedTuple):
    """The middle 95 % of what resampling gave."""

    low: float
    high: float


class Difference(NamedTuple):
    """F1 of A less F1 of B, its interval by paired bootstrap, and how likely chance alone makes
    one so great (two-sided approximate randomisation, Yeh 2000).
    """

    f1: float
    interval: Interval
    p: float


def counts(
    places: Sequence[str],
    gold: Iterable[Placed],
    predicted: Iterable[Placed],
    *,
    types: Sequence[str],
) -> Counts:
    """The counts of these articles, of each type and, last, of all."""
    rows = {place: number for number, place in enumerate(places)}
    columns = {type_: number for number, type_ in enumerate(types)}
    found = np.zeros((len(rows), len(columns) + 1, 3))
    gold, predicted = set(gold), set(predicted)
    for kind, spans in enumerate((gold, predicted, gold & predicted)):
        for span in spans:
            if span.type in columns:
                found[rows[span.place], columns[span.type], kind] += 1
    found[:, -1] = found.sum(axis=1)
    return found


def intervals(found: Counts, *, types: Sequence[str], seed: int) -> dict[str, Interval]:
    """Of the F1 of each type and of `all`."""
    drawn = np.concatenate(
        [f1(_weighted(weights, found)) for weights in _drawn(len(found), seed)]
    )  # [SAMPLES, types + 1]
    return {name: _middle(drawn[:, at]) for at, name in enumerate((*types, ALL))}


def differences(
    one: Counts, other: Counts, *, types: Sequence[str], seed: int
) -> dict[str, Difference]:
    """Of each type and of `all`, on the same articles."""
    drawn = np.concatenate(
        [
            f1(_weighted(weights, one)) - f1(_weighted(weights, other))
            for weights in _drawn(len(one), seed)
        ]
    )
    real = f1(one.sum(axis=0)) - f1(other.sum(axis=0))
    likely = _randomised(one, other, np.abs(real), seed)
    return {
        name: Difference(float(real[at]), _middle(drawn[:, at]), float(likely[at]))
        for at, name in enumerate((*types, ALL))
    }


def f1(totals: Counts) -> Counts:
    """Of totals `[…, 3]`; 0 where there is nothing."""
    both = totals[..., 0] + totals[..., 1]
    return np.divide(2 * totals[..., 2], both, out=np.zeros_like(both), where=both > 0)


def _randomised(one: Counts, other: Counts, real: Counts, seed: int) -> Counts:
    """How often a difference is as great where each article's systems are swapped by a coin."""
    chance = np.random.default_rng(seed)
    total, apart = (one + other).sum(axis=0), one - other
    as_great = np.zeros(one.shape[1])
    for size in _sizes(ROUNDS, len(one)):
        signs = chance.choice((-0.5, 0.5), (size, len(one)))
        moved = _weighted(signs, apart)
        between = np.abs(f1(total / 2 + moved) - f1(total / 2 - moved))
        as_great += (between >= real - 1e-12).sum(axis=0)
    return (as_great + 1) / (ROUNDS + 1)


def _drawn(articles: int, seed: int) -> Iterator[Counts]:
    """How often each article is drawn, `[samples, articles]`, in pieces of `SAMPLES`."""
    chance = np.random.default_rng(seed)
    for size in _sizes(SAMPLES, articles):
        yield chance.multinomial(articles, [1 / articles] * articles, size).astype(np.float64)


def _sizes(rounds: int, articles: int) -> Iterator[int]:
    most = max(1, CHUNK // articles)
    for start in range(0, rounds, most):
        yield min(most, rounds - start)


def _weighted(weights: Counts, found: Counts) -> Counts:
    """Sums over the articles: `[samples, types, 3]`."""
    sums: Counts = np.tensordot(weights, found, axes=1)
    return sums


def _middle(drawn: Counts) -> Interval:
    low, high = np.percentile(drawn, (2.5, 97.5))
    return Interval(float(low), float(high))

"""Make data/half-spaces.*, what the repairer knows: `make train-half-spaces`.

Two log-linear models, one of words and one of pairs (`pnews.normalize.spellings`), are fitted by
L-BFGS to the spellings in the well-edited texts (`spelling_counts`). What is counted for a word
comes from the other folds, so the models learn how far counts can be trusted, and what to make of
words that were never seen. Then all words and pairs seen are asked for once, with all counts:
those are the tables. Of the models themselves only the weights that need no counts ship.

Deterministic; ten minutes. Figures go to `training/results/half-spaces.json`.
"""

from __future__ import annotations

import argparse
import datetime
import json
import math
import time
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import marisa_trie
import numpy as np
from scipy import sparse
from scipy.optimize import minimize
from spelling_counts import (
    GROUPS,
    PARTS,
    WELL_EDITED,
    Counts,
    Pair,
    counted,
    davat_words,
    hazm_words,
    listed_words,
    verb_forms,
)

from pnews import data
from pnews.normalize import spellings
from pnews.normalize.gaps import UNLIKELY
from pnews.normalize.spellings import (
    ENDS,
    NEVER,
    NON_JOINING,
    STARTS,
    ZWNJ,
    Piece,
    Spelling,
    Split,
    bucket,
    odds_bucket,
)

RESULTS = Path(__file__).parent / "results" / "half-spaces.json"

WORD_TRUST = {"edited": 1, "perspell": 0.5, "careful": 1, "modern": 0.5, "print": 0.1}
PAIR_TRUST = {"edited": 1, "perspell": 0.2, "careful": 1, "modern": 1, "hamshahri": 0.3}
"""Weights of texts in fitting, by corpus or group. PerSpell and careful articles of Hamshahri
half-space adverbs in به that newsrooms mostly space.
"""

DAMPING = 0.75
"""A word seen n times weighs n ** DAMPING."""

RIDGE = 1.0
LEAST_FEATURE = 5
ITERATIONS = 200
PRUNE = 0.03

TRUST = {"edited": 1.0, "careful": 1.0, "modern": 1.0, "print": 0.5, "rough": 0.3}
SEEN_TRUST = {"edited": 1.0, "careful": 1.0, "modern": 1.0, "print": 0.3}
"""Weights of texts in counting: words, and pairs of pieces."""

FIRST_HAND = ("edited", "careful", "modern")
"""Groups of which a single occurrence counts."""

LEAST_STORED = -5.0
LEAST_DIFFERENCE = 0.5
LEAST_COUNT = 3
"""Words seen more often than this are worth a question when they are written as two."""
OFTEN = 100
"""Spaces for each half-space from which on a pair is two words."""
LEAST_WEIGHT = 0.5
"""Rarer words tell nothing of a piece: most are misspelt."""


class Knowledge:
    """What the counts of some folds say."""

    def __init__(self, parts: Iterable[tuple[str, Counts]]) -> None:
        self.counts = {group: Counts.empty() for group in GROUPS}
        for group, counts in parts:
            self.counts[group].add(counts)
        self._pieces: dict[str, Piece] = {}

    def word(self, group: str, form: str) -> int:
        return self.counts[group].words.get(form, 0)

    def pair(self, group: str, pair: Pair) -> tuple[int, int]:
        counts = self.counts[group]
        return counts.half_spaced.get(pair, 0), counts.spaced.get(pair, 0)

    @cached_property
    def words(self) -> Counter[str]:
        """Weighted counts of words without a half-space."""
        found: Counter[str] = Counter()
        for group, counts in self.counts.items():
            for form, number in counts.words.items():
                if ZWNJ not in form:
                    found[form] += TRUST[group] * number
        return found

    @cached_property
    def parts(self) -> Counter[str]:
        """Counts of pieces of half-spaced words."""
        found: Counter[str] = Counter()
        for group in WELL_EDITED:
            for form, number in self.counts[group].words.items():
                if ZWNJ in form:
                    for piece in form.split(ZWNJ):
                        found[piece] += number
        return found

    @cached_property
    def sides(self) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
        """Of each piece before and behind a gap: half-spaced, spaced, partners."""
        sides: tuple[dict[str, list[float]], dict[str, list[float]]]
        sides = defaultdict(lambda: [0.0, 0.0, 0]), defaultdict(lambda: [0.0, 0.0, 0])
        for group, trust in SEEN_TRUST.items():
            for kind, pairs in enumerate(self.counts[group][1:3]):
                for pair, number in pairs.items():
                    for side, piece in zip(sides, pair, strict=True):
                        side[piece][kind] += trust * number
                        side[piece][2] += kind == 0
        return sides

    @cached_property
    def known_splits(self) -> dict[str, list[Split]]:
        """Letters -> splits seen or listed, commoner ones first."""
        found: defaultdict[str, Counter[Split]] = defaultdict(Counter)
        for group, counts in self.counts.items():
            for form, number in counts.words.items():
                if ZWNJ in form and (number > 1 or group in FIRST_HAND):
                    found[form.replace(ZWNJ, "")][tuple(form.split(ZWNJ))] += TRUST[group] * number
        for listed in listed_words().values():
            for form in listed:
                if ZWNJ in form:
                    found[form.replace(ZWNJ, "")][tuple(form.split(ZWNJ))] += 0.1
        return {
            letters: sorted(splits, key=lambda split: (-splits[split], split))[:6]
            for letters, splits in found.items()
        }

    def known(self, letters: str) -> list[Split]:
        return self.known_splits.get(letters, [])

    def seen(self, head: str, tail: str) -> int:
        """How the pieces were seen together in the well-edited groups."""
        half_spaced = spaced = 0.0
        for group, trust in SEEN_TRUST.items():
            both = self.pair(group, (head, tail))
            half_spaced += trust * both[0]
            spaced += trust * both[1]
        return spellings.pack_seen(ratio(half_spaced, spaced), half_spaced + spaced)

    def piece(self, letters: str) -> Piece:
        found = self._pieces.get(letters)
        if found is None:
            found = self._pieces[letters] = self._piece(letters)
        return found

    def _piece(self, letters: str) -> Piece:
        left, right = (side.get(letters, (0, 0, 0)) for side in self.sides)
        return Piece(
            bucket(self.words.get(letters, 0)),
            bucket(self.parts.get(letters, 0)),
            (letters in davat_words()) + 2 * (letters in hazm_words()),
            odds_bucket(ratio(*left[:2])),
            min(6, bucket(left[0] + left[1])),
            bucket(left[2]),
            odds_bucket(ratio(*right[:2])),
            min(6, bucket(right[0] + right[1])),
            bucket(right[2]),
        )


def ratio(yes: float, no: float) -> float:
    return math.log((yes + 0.3) / (no + 0.3))


# Features that need counts: only training has them. Those of a count of 0 are constant in what
# ships, so `shipped` adds their weights up.

Feature = tuple[str, float]


def count_features(
    kind: str, form: str, rivals: Iterable[str], knowledge: Knowledge
) -> Iterator[Feature]:
    """How often a spelling was seen, alone and against its rivals."""
    for group in GROUPS:
        seen = knowledge.word(group, form)
        total = sum(knowledge.word(group, rival) for rival in rivals)
        yield f"{kind}:{group}{bucket(seen)}", 1
        if total:
            share = odds_bucket(ratio(seen, total - seen))
            yield f"{kind}:{group}:{share}|{min(5, bucket(total))}", 1
        if seen:
            yield f"{kind}:{group}:log", math.log1p(seen)


def list_features(form: str, letters: str) -> Iterator[Feature]:
    """Whether dictionaries and verb table list a spelling, and the one without half-spaces."""
    for name, listed in listed_words().items():
        one, other = listed.get(form), listed.get(letters)
        both = ""
        if one is not None and other is not None:
            both = str(max(-4, min(4, round(math.log((one + 5) / (other + 5))))))
        yield f"{name}:{one is not None:d}{other is not None:d}{both}", 1


def word_instance(
    letters: str, splits: list[Split], knowledge: Knowledge
) -> Iterator[list[Feature]]:
    """Features of the plain spelling, then of each split."""
    forms = [letters, *map(ZWNJ.join, splits)]
    plain = spellings.plain_features(letters, knowledge.piece)
    yield [
        ("plain", 1.0),
        *((feature, 1.0) for feature in plain),
        *count_features("plain", letters, forms, knowledge),
    ]
    for split, form in zip(splits, forms[1:], strict=True):
        yield [
            ("split", 1.0),
            *(
                (feature, 1.0)
                for feature in spellings.split_features(split, knowledge.piece, knowledge.seen)
            ),
            *count_features("split", form, forms, knowledge),
            *list_features(form, letters),
        ]


def pair_instance(pair: Pair, knowledge: Knowledge) -> Iterator[Feature]:
    yield from ((feature, 1.0) for feature in spellings.pair_features(*pair, knowledge.piece))
    for group in GROUPS:
        half_spaced, spaced = knowledge.pair(group, pair)
        odds = ratio(half_spaced, spaced)
        yield f"{group}:{odds_bucket(odds)}|{min(5, bucket(half_spaced + spaced))}", 1
        yield f"{group}:half{min(6, bucket(half_spaced))}", 1
        yield f"{group}:space{min(6, bucket(spaced))}", 1
        yield f"{group}:joined{min(5, bucket(knowledge.word(group, ''.join(pair))))}", 1
        if odds:
            yield f"{group}:log", odds
    yield from list_features(ZWNJ.join(pair), "".join(pair))


def is_pair(pair: Pair, knowledge: Knowledge) -> bool:
    """Whether a gap of two pieces is worth a question."""
    head, tail = pair
    if head[-1] in NON_JOINING:
        return False
    first, second = knowledge.piece(head), knowledge.piece(tail)
    return (
        second.is_ending
        or first.is_prefix
        or any(knowledge.pair(group, pair)[0] for group in GROUPS)
        or ZWNJ.join(pair) in davat_words()
        or ZWNJ.join(pair) in hazm_words()
        or knowledge.words.get(head + tail, 0) > LEAST_COUNT
    )


# Fitting.


class Matrix:
    """Rows of features, gathered one after the other."""

    def __init__(self) -> None:
        self.names: dict[str, int] = {}
        self._columns, self._values, self._ends = array("i"), array("f"), array("l", [0])

    def add(self, features: Iterable[Feature]) -> None:
        for name, value in features:
            self._columns.append(self.names.setdefault(name, len(self.names)))
            self._values.append(value)
        self._ends.append(len(self._columns))

    def finished(self) -> tuple[sparse.csr_matrix, list[str]]:
        """The matrix of the features that are common enough, and their names."""
        shape = len(self._ends) - 1, len(self.names)
        values = np.frombuffer(self._values, dtype=np.float32).astype(np.float64)
        columns = np.frombuffer(self._columns, dtype=np.int32)
        ends = np.frombuffer(self._ends, dtype=np.int64)
        matrix = sparse.csr_matrix((values, columns, ends), shape)
        common = np.flatnonzero(np.bincount(columns, minlength=shape[1]) >= LEAST_FEATURE)
        names = list(self.names)
        return matrix[:, common].tocsr(), [names[column] for column in common]


class Fit(NamedTuple):
    """A fitted model and how well it fits."""

    weights: dict[str, float]
    figures: dict[str, float]


def minimized(loss: Any, names: list[str]) -> tuple[np.ndarray, dict[str, float]]:
    started = time.monotonic()
    found = minimize(
        loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": ITERATIONS}
    )
    return found.x, {
        "features": len(names),
        "loss": round(float(found.fun), 1),
        "seconds": round(time.monotonic() - started),
    }


def fit_words(counts: Mapping[tuple[str, int], Mapping[str, Counts]]) -> Fit:
    """A conditional logit over the spellings of each word."""
    rows, sizes, gold = Matrix(), [], []
    for fold in range(PARTS):
        knowledge = knowledge_without(counts, fold)
        for letters, spelt in observed_words(counts, fold).items():
            splits = spellings.candidates(letters, knowledge.piece, knowledge.known)
            weights = [spelt.get(form, 0) for form in (letters, *map(ZWNJ.join, splits))]
            if splits and sum(weights):
                for features in word_instance(letters, splits, knowledge):
                    rows.add(features)
                sizes.append(len(weights))
                gold += weights
        print(f"words: fold {fold}, {len(sizes)} words, {len(rows.names)} features", flush=True)
    matrix, names = rows.finished()
    transposed = matrix.T.tocsr()
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    owner = np.repeat(np.arange(len(sizes)), sizes)
    seen = np.array(gold)
    totals = np.add.reduceat(seen, starts)
    mass = totals**DAMPING
    target = seen / totals[owner] * mass[owner]

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = matrix @ weights
        scores -= np.maximum.reduceat(scores, starts)[owner]
        powers = np.exp(scores)
        sums = np.add.reduceat(powers, starts)[owner]
        gain = (target * (scores - np.log(sums))).sum()
        slope = transposed @ (target - powers / sums * mass[owner])
        return RIDGE / 2 * weights @ weights - gain, RIDGE * weights - slope

    found, figures = minimized(loss, names)
    scores = matrix @ found
    right = scores == np.maximum.reduceat(scores, starts)[owner]
    figures |= {"words": len(sizes), "accuracy": round(float(seen[right].sum() / seen.sum()), 4)}
    return Fit(dict(zip(names, found.tolist(), strict=True)), figures)


def fit_pairs(counts: Mapping[tuple[str, int], Mapping[str, Counts]]) -> Fit:
    """A logistic regression: half-space or space."""
    rows, seen = Matrix(), []
    for fold in range(PARTS):
        knowledge = knowledge_without(counts, fold)
        for pair, both in observed_pairs(counts, fold).items():
            if is_pair(pair, knowledge):
                rows.add(pair_instance(pair, knowledge))
                seen.append(both)
        print(f"pairs: fold {fold}, {len(seen)} pairs, {len(rows.names)} features", flush=True)
    matrix, names = rows.finished()
    transposed = matrix.T.tocsr()
    observed = np.array(seen)
    totals = observed.sum(axis=1)
    mass, share = totals**DAMPING, observed[:, 0] / totals

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = matrix @ weights
        cost = share * np.logaddexp(0, -scores) + (1 - share) * np.logaddexp(0, scores)
        slope = transposed @ (mass * (1 / (1 + np.exp(-scores)) - share))
        return (mass * cost).sum() + RIDGE / 2 * weights @ weights, slope + RIDGE * weights

    found, figures = minimized(loss, names)
    right = np.where(matrix @ found > 0, observed[:, 0], observed[:, 1])
    figures |= {"pairs": len(seen), "accuracy": round(float(right.sum() / totals.sum()), 4)}
    return Fit(dict(zip(names, found.tolist(), strict=True)), figures)


def knowledge_without(
    counts: Mapping[tuple[str, int], Mapping[str, Counts]], left_out: int | None
) -> Knowledge:
    return Knowledge(
        (group, part)
        for (group, fold), parts in counts.items()
        if fold != left_out
        for part in parts.values()
    )


def _trusted(
    counts: Mapping[tuple[str, int], Mapping[str, Counts]], fold: int, kind: str
) -> Iterator[tuple[float, Counts]]:
    table = WORD_TRUST if kind == "word" else PAIR_TRUST
    for (group, number), parts in counts.items():
        if number == fold and group != "rough":
            for source, part in parts.items():
                yield table[source if source in table else group], part


def observed_words(
    counts: Mapping[tuple[str, int], Mapping[str, Counts]], fold: int
) -> dict[str, Counter[str]]:
    """Letters -> spellings with their weights, of words long enough to be split."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for trust, part in _trusted(counts, fold, "word"):
        for form, number in part.words.items():
            letters = form.replace(ZWNJ, "")
            if len(letters) > 2:
                found[letters][form] += trust * number
    return found


def observed_pairs(
    counts: Mapping[tuple[str, int], Mapping[str, Counts]], fold: int
) -> dict[Pair, list[float]]:
    """Pair -> weight half-spaced and spaced."""
    found: defaultdict[Pair, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for trust, part in _trusted(counts, fold, "pair"):
        for kind, pairs in enumerate(part[1:3]):
            for pair, number in pairs.items():
                found[pair][kind] += trust * number
    return found


# What ships.


def shipped(word_weights: Mapping[str, float], pair_weights: Mapping[str, float]) -> dict[str, Any]:
    """The weights of features that need no counts; those of counts of 0 are added up."""
    empty = Knowledge([])
    words = {name: weight for name, weight in word_weights.items() if ":" not in name}
    for kind in ("plain", "split"):
        unseen = count_features(kind, "", [""], empty)
        words[kind] += sum(word_weights.get(name, 0) * value for name, value in unseen)
    lists = list_features(ZWNJ, "\0")
    words["split"] += sum(word_weights.get(name, 0) * value for name, value in lists)
    pairs = {name: weight for name, weight in pair_weights.items() if ":" not in name}
    unseen = ((name, value) for name, value in pair_instance(("", ""), empty) if ":" in name)
    pairs["pair"] += sum(pair_weights.get(name, 0) * value for name, value in unseen)
    return {"word": words, "pair": pairs}


def _score(features: Iterable[Feature], weights: Mapping[str, float]) -> float:
    return sum(weights.get(name, 0.0) * value for name, value in features)


def full_spelling(letters: str, knowledge: Knowledge, weights: Mapping[str, float]) -> Spelling:
    """The best spelling by the whole model."""
    splits = spellings.candidates(letters, knowledge.piece, knowledge.known)
    without, *scores = (
        _score(features, weights) for features in word_instance(letters, splits, knowledge)
    )
    return spellings.likeliest(letters, without, list(zip(scores, splits, strict=True)))


def stored_words(knowledge: Knowledge, weights: Mapping[str, float]) -> Iterator[tuple[str, bytes]]:
    """All words seen or listed."""
    for letters in sorted(all_words(knowledge)):
        full = full_spelling(letters, knowledge, weights)
        if full.odds < LEAST_STORED:
            full = spellings.plain(letters)
        yield letters, spellings.pack_spelling(full)


def all_words(knowledge: Knowledge) -> set[str]:
    seen = {form for counts in knowledge.counts.values() for form in counts.words}
    seen |= set(verb_forms())
    letters = {form.replace(ZWNJ, "") for form in seen} | knowledge.known_splits.keys()
    return {word for word in letters if 2 < len(word) <= spellings.LONGEST}


def differs(full: float, guess: float) -> bool:
    return max(full, guess) > LEAST_STORED and abs(full - guess) > LEAST_DIFFERENCE


def stored_pairs(
    knowledge: Knowledge, weights: Mapping[str, float], small: Mapping[str, float]
) -> Iterator[tuple[str, bytes]]:
    """Pairs that may be half-spaced, or that the small model would half-space."""
    pairs: set[Pair] = set()
    for counts in knowledge.counts.values():
        pairs |= counts.half_spaced.keys() | counts.spaced.keys()
    for listed in (hazm_words(), davat_words()):
        for form in listed:
            pairs.update(pairwise(form.split(ZWNJ)))
    for pair in sorted(pairs):
        if not all(pair) or not is_pair(pair, knowledge):
            continue
        full = _score(pair_instance(pair, knowledge), weights)
        guess = NEVER
        if spellings.may_join(*pair, knowledge.piece):
            guess = spellings.pair_odds(*pair, knowledge.piece, small)
        seen = knowledge.seen(*pair)
        if differs(full, guess) or is_always_spaced(pair, knowledge) or is_half_spaced(seen):
            yield " ".join(pair), bytes((spellings.pack_odds(full), seen))


def is_half_spaced(seen: int) -> bool:
    return seen >= spellings.pack_seen(0, 1)


def is_always_spaced(pair: Pair, knowledge: Knowledge) -> bool:
    """Whether a half-space in the pair would be a mistake: the texts have hundreds of spaces."""
    both = [knowledge.pair(group, pair) for group in GROUPS]
    half_spaced, spaced = map(sum, zip(*both, strict=True))
    return spaced >= OFTEN and half_spaced <= spaced / OFTEN


def stored_pieces(
    knowledge: Knowledge, pairs: Iterable[tuple[str, bytes]]
) -> Iterator[tuple[str, bytes]]:
    """Pieces seen, listed or in one of the stored pairs that may hold a half-space."""
    likely = [both.split(" ") for both, row in pairs if spellings.unpack_odds(row[0]) > UNLIKELY]
    heads, tails = {head for head, _ in likely}, {tail for _, tail in likely}
    listed = davat_words().keys() | hazm_words().keys()
    names = heads | tails | knowledge.parts.keys() | {word for word in listed if ZWNJ not in word}
    names |= {word for word, weight in knowledge.words.items() if weight > LEAST_WEIGHT}
    for letters in sorted(names):
        in_pairs = STARTS * (letters in heads) + ENDS * (letters in tails)
        piece = knowledge.piece(letters)._replace(in_pairs=in_pairs)
        if letters and piece != spellings.UNKNOWN:
            yield letters, piece.pack()


def readings(knowledge: Knowledge) -> dict[str, float]:
    """Next word -> log-odds of a singular in -ه with ای against a plural with های before it."""
    seen: defaultdict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for group in WELL_EDITED:
        for (ending, word), number in knowledge.counts[group].following.items():
            seen[word][ending == spellings.PLURAL] += number
    singular, plural = map(sum, zip(*seen.values(), strict=True))
    rare = [both for both in seen.values() if sum(both) < LEAST_FOLLOWING]

    def odds(one: float, other: float) -> float:
        return math.log((one + 1) / (other + 1) * plural / singular)

    found = {word: odds(*both) for word, both in seen.items() if sum(both) >= LEAST_FOLLOWING}
    return found | {"other": odds(*map(sum, zip(*rare, strict=True)))}


LEAST_FOLLOWING = 8


def publish(name: str, rows: Iterable[tuple[str, bytes]]) -> dict[str, int]:
    trie = marisa_trie.BytesTrie(rows)
    target = data.FOLDER / f"half-spaces.{name}.marisa"
    trie.save(str(target))
    print(f"{target.name}: {len(trie)} rows, {target.stat().st_size:,} bytes", flush=True)
    return {"rows": len(trie), "bytes": target.stat().st_size}


def publish_weights(weights: Mapping[str, Mapping[str, float]]) -> int:
    lines = [
        f"{kind}\t{name}\t{weight:.3g}\n"
        for kind, table in weights.items()
        for name, weight in sorted(table.items())
        if abs(weight) > PRUNE
    ]
    target = data.FOLDER / "half-spaces.weights.tsv"
    head = "# model\tfeature\tweight; written by training/train_half_spaces.py\n"
    target.write_text(head + "".join(lines), encoding="utf-8")
    return len(lines)


def main() -> None:
    """Count, fit, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--without", default="", metavar="CORPUS",
        help="Leave a fifth of a corpus out, to score on it; don't ship what comes of it.",
    )  # fmt: skip
    counts = counted(parser.parse_args().without)
    figures: dict[str, Any] = {"date": datetime.date.today().isoformat()}
    words, pairs = fit_words(counts), fit_pairs(counts)
    figures |= {"words": words.figures, "pairs": pairs.figures}
    print(json.dumps(figures), flush=True)
    knowledge = knowledge_without(counts, None)
    small = shipped(words.weights, pairs.weights) | {"reading": readings(knowledge)}
    figures["weights"] = publish_weights(small)
    pair_rows = list(stored_pairs(knowledge, pairs.weights, small["pair"]))
    for name, rows in {
        "words": stored_words(knowledge, words.weights),
        "pairs": pair_rows,
        "pieces": stored_pieces(knowledge, pair_rows),
    }.items():
        figures[f"{name} stored"] = publish(name, rows)
    RESULTS.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""Spans against gold: strict scores, partial and type-only ones, confusions, calibration.

A strict span has the right ends and the right type. The two looser counts are nervaluate's
(SemEval 2013, task 9.1): *partial* gives half for an overlap, *type only* a whole where an
overlapping span has the right type. Of one type alone, both look at spans of that type; of all
together, partial looks at ends and not at types.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

ALL = "all"
NONE = "none"
"""Where a confusion has no span on one side: missed, or spurious."""


class Placed(NamedTuple):
    """A span of one type in one article."""

    place: str
    start: int
    end: int
    type: str


class Score(NamedTuple):
    """Counts of one type, or of all."""

    gold: int
    predicted: int
    right: int

    @property
    def precision(self) -> float:
        """Right among predicted; 0 where nothing was predicted."""
        return self.right / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Right among gold; 0 where there is no gold."""
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.gold + self.predicted
        return 2 * self.right / both if both else 0.0


class Shares(NamedTuple):
    """Precision, recall and their harmonic mean, each from 0 to 1."""

    precision: float
    recall: float
    f1: float


class Mistaken(NamedTuple):
    """An article's counts, and its spans that are in gold or found, but not in both."""

    id: str
    score: Score
    missed: list[Placed]
    spurious: list[Placed]

    @property
    def mistakes(self) -> int:
        """Spans missed and spans that are wrong."""
        return len(self.missed) + len(self.spurious)


def score(
    gold: Iterable[Placed], predicted: Iterable[Placed], *, types: Sequence[str]
) -> dict[str, Score]:
    """Strict scores by type, then those of `all`; spans of other types don't count."""
    gold, predicted = set(gold), set(predicted)
    counts = [Counter(span.type for span in spans) for spans in (gold, predicted, gold & predicted)]
    scores = {type_: Score(*(count[type_] for count in counts)) for type_ in types}
    totals = (sum(column) for column in zip(*scores.values(), strict=True))
    return {**scores, ALL: Score(*totals)}


def loose_scores(
    gold: Iterable[Placed], predicted: Iterable[Placed], *, types: Sequence[str]
) -> dict[str, dict[str, Shares]]:
    """`partial` and `type` (type only), each by type, then of `all`."""
    from nervaluate.evaluator import Evaluator

    sides = [_by_article(spans, types) for spans in (gold, predicted)]
    places = sorted(set().union(*sides))
    listed = [[[_label(span) for span in side[place]] for place in places] for side in sides]
    found = Evaluator(*listed, tags=list(types), loader="dict").evaluate()
    of_types = {type_: found["entities"].get(type_, {}) for type_ in types}
    return {
        name: {
            type_: Shares(*_shares(results.get(mode)))
            for type_, results in {**of_types, ALL: found["overall"]}.items()
        }
        for name, mode in (("partial", "partial"), ("type", "ent_type"))
    }


def _shares(result: object) -> tuple[float, ...]:
    return tuple(float(getattr(result, name, 0.0)) for name in Shares._fields)


def _label(span: Placed) -> dict[str, object]:
    """The span as nervaluate has it, with its last character in place of its end."""
    return {"label": span.type, "start": span.start, "end": span.end - 1}


def _by_article(spans: Iterable[Placed], types: Sequence[str]) -> defaultdict[str, list[Placed]]:
    found: defaultdict[str, list[Placed]] = defaultdict(list)
    for span in sorted(spans):
        if span.type in types:
            found[span.place].append(span)
    return found


def calibration_error(counted: Sequence[tuple[float, bool]]) -> float:
    """Expected calibration error of scores and whether each was right, in ten bins of one width:
    the mean distance, over all, between a bin's mean score and its share of right ones.
    """
    bins: dict[int, list[tuple[float, bool]]] = {}
    for sure, right in counted:
        bins.setdefault(min(int(sure * 10), 9), []).append((sure, right))
    gaps = (abs(sum(sure - right for sure, right in found)) for found in bins.values())
    return sum(gaps) / len(counted) if counted else 0.0


def confusions(
    gold: Iterable[Placed], predicted: Iterable[Placed], *, types: Sequence[str]
) -> dict[str, dict[str, int]]:
    """How often a gold type (outer) was found as a type (inner), whatever the ends.

    Each gold span, in order, takes the free predicted span that it shares most characters with,
    first of the same type. What is left over is under `none`: missed gold, spurious predictions.
    Types that never occur are left out.
    """
    sides = [_by_article(spans, types) for spans in (gold, predicted)]
    counts: Counter[tuple[str, str]] = Counter()
    for place in sorted(set().union(*sides)):
        free = list(sides[1][place])
        for span in sides[0][place]:
            best = max(free, key=lambda other: _nearness(span, other), default=None)
            if best is None or not _shared(span, best):
                counts[span.type, NONE] += 1
            else:
                free.remove(best)
                counts[span.type, best.type] += 1
        counts.update((NONE, span.type) for span in free)
    seen = {type_ for pair in counts for type_ in pair}
    order = [type_ for type_ in (*types, NONE) if type_ in seen]
    return {
        row: {column: counts[row, column] for column in order}
        for row in order
        if any(counts[row, column] for column in order)
    }


def _shared(one: Placed, other: Placed) -> int:
    return max(0, min(one.end, other.end) - max(one.start, other.start))


def _nearness(one: Placed, other: Placed) -> tuple[bool, bool, int]:
    shared = _shared(one, other)
    return shared > 0, one.type == other.type, shared


def mistaken(
    gold: Iterable[Placed], predicted: Iterable[Placed], *, types: Sequence[str]
) -> list[Mistaken]:
    """The articles with mistakes by strict count, those with most first."""
    sides: list[Mapping[str, list[Placed]]] = [
        _by_article(spans, types) for spans in (gold, predicted)
    ]
    found = []
    for place in dict.fromkeys((*sides[0], *sides[1])):
        want, got = (set(side.get(place, ())) for side in sides)
        counts = Score(len(want), len(got), len(want & got))
        found.append(Mistaken(place, counts, sorted(want - got), sorted(got - want)))
    return sorted(
        (one for one in found if one.mistakes), key=lambda one: (-one.mistakes, one.score.f1)
    )

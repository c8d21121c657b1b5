"""What was measured, as text in columns or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from pnews.evaluate import ALL, Comparison, Evaluation, Mistaken, Placed, Score, Shares
from pnews.evaluate.chance import ROUNDS, SAMPLES

WORST = 5
"""Articles with most mistakes that are shown."""


def table(found: Evaluation) -> str:
    """All of it in aligned columns, in percent."""
    parts = [_strict(found), _loose(found), _confused(found), _worst(found)]
    return "\n\n".join("\n".join(part) for part in map(list, parts) if part)


def _strict(found: Evaluation) -> Iterator[str]:
    yield f"{'type':<8} {'gold':>6} {'found':>6} {'right':>6} {'P':>7} {'R':>7} {'F1':>7}"
    for name, score in found.scores.items():
        counts = f"{score.gold:>6} {score.predicted:>6} {score.right:>6}"
        yield f"{name:<8} {counts} {_percents(score.precision, score.recall, score.f1)}"
    low, high = found.intervals[ALL]
    drawn = f"{SAMPLES} draws of the {len(found.articles)} texts, seed {found.seed}"
    yield f"F1 of all, 95 % interval: {100 * low:.2f} to {100 * high:.2f} ({drawn})"
    if found.calibration_error is not None:
        yield f"expected calibration error {found.calibration_error:.4f}"


def _percents(*shares: float) -> str:
    return " ".join(f"{100 * share:>7.2f}" for share in shares)


def _loose(found: Evaluation) -> Iterator[str]:
    yield f"{'':<8} {'partial':>23} {'type only':>23}"
    yield f"{'type':<8} {'P':>7} {'R':>7} {'F1':>7} {'P':>7} {'R':>7} {'F1':>7}"
    for name in found.scores:
        yield f"{name:<8} {_percents(*found.partial[name], *found.type_only[name])}"


def _confused(found: Evaluation) -> Iterator[str]:
    columns = list(next(iter(found.confusions.values()), {}))
    yield f"{'gold':<8} " + " ".join(f"{column:>7}" for column in columns) + "  as found"
    for row, counts in found.confusions.items():
        yield f"{row:<8} " + " ".join(f"{counts[column] or '.':>7}" for column in columns)


def _worst(found: Evaluation) -> Iterator[str]:
    if found.mistaken:
        yield f"{'mistakes':>8} {'F1':>7}  text, of {len(found.mistaken)} with mistakes"
    for one in found.mistaken[:WORST]:
        yield f"{one.mistakes:>8} {_percents(one.score.f1)}  {one.id}"


def as_json(found: Evaluation) -> str:
    """All of it as one JSON object, the scores by type; shares from 0 to 1."""
    fields: dict[str, object] = {
        name: {
            **_fields(score),
            "interval": [round(end, 4) for end in found.intervals[name]],
            "partial": _rounded(found.partial[name]),
            "type_only": _rounded(found.type_only[name]),
        }
        for name, score in found.scores.items()
    }
    if found.calibration_error is not None:
        fields["calibration_error"] = round(found.calibration_error, 4)
    fields["confusions"] = found.confusions
    fields["worst"] = [_mistaken(one, found.articles) for one in found.mistaken[:WORST]]
    return json.dumps(fields, indent=1, ensure_ascii=False)


def _fields(score: Score) -> dict[str, float]:
    return {**score._asdict(), **_rounded(Shares(score.precision, score.recall, score.f1))}


def _rounded(shares: Shares) -> dict[str, float]:
    return {name: round(share, 4) for name, share in shares._asdict().items()}


def _mistaken(one: Mistaken, texts: Mapping[str, str]) -> dict[str, object]:
    return {
        "id": one.id,
        "f1": round(one.score.f1, 4),
        "missed": [_span(span, texts[one.id]) for span in one.missed],
        "spurious": [_span(span, texts[one.id]) for span in one.spurious],
    }


def _span(span: Placed, text: str) -> dict[str, object]:
    where = {"start": span.start, "end": span.end, "type": span.type}
    return {**where, "text": text[span.start : span.end]}


def comparison_table(found: Comparison) -> str:
    """F1 of both, their difference, its interval and how likely chance makes it; in percent."""
    lines = [
        f"A = {found.names[0]}, B = {found.names[1]}",
        f"{'type':<8} {'A: F1':>7} {'B: F1':>7} {'A - B':>7} {'95 % interval':>18} {'p':>7}",
    ]
    for name, made in found.differences.items():
        f1s = _percents(*(scores[name].f1 for scores in found.scores))
        low, high = (f"{100 * end:+.2f}" for end in made.interval)
        between = f"{low} to {high}"
        lines.append(f"{name:<8} {f1s} {100 * made.f1:>+7.2f} {between:>18} {made.p:>7.4f}")
    lines.append(
        f"{SAMPLES} draws of the {found.articles} texts (paired bootstrap), {ROUNDS} rounds of "
        f"approximate randomisation, two-sided; seed {found.seed}"
    )
    return "\n".join(lines)


def comparison_json(found: Comparison) -> str:
    """The same as one JSON object by type; shares from 0 to 1."""
    one, other = found.scores
    fields: dict[str, object] = {
        name: {
            "a": _fields(one[name]),
            "b": _fields(other[name]),
            "difference": round(made.f1, 4),
            "interval": [round(end, 4) for end in made.interval],
            "p": round(made.p, 4),
        }
        for name, made in found.differences.items()
    }
    return json.dumps({"names": found.names, **fields}, indent=1, ensure_ascii=False)

"""How right the pipeline, or a file of predictions, is against gold.

`gold.py` reads both, `scores.py` counts, `chance.py` says what of a figure is luck, `report.py`
writes. What is scored goes through the whole chain up to the entities.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pnews.entities import schemes
from pnews.entities.tagger import MODELS, Tagger, load
from pnews.errors import InputError
from pnews.evaluate import chance
from pnews.evaluate.chance import Difference, Interval
from pnews.evaluate.gold import (
    Article,
    Mark,
    json_articles,
    read_articles,
    read_gold,
    read_table,
    table_articles,
)
from pnews.evaluate.scores import (
    ALL,
    NONE,
    Mistaken,
    Placed,
    Score,
    Shares,
    calibration_error,
    confusions,
    loose_scores,
    mistaken,
    score,
)
from pnews.pipeline import Pipeline

__all__ = [
    "ALL",
    "NONE",
    "Article",
    "Comparison",
    "Difference",
    "Evaluation",
    "Interval",
    "Mark",
    "Mistaken",
    "Placed",
    "Predictions",
    "Score",
    "Shares",
    "calibration_error",
    "compare",
    "confusions",
    "evaluate",
    "evaluated",
    "in_articles",
    "json_articles",
    "loose_scores",
    "mistaken",
    "read_articles",
    "read_gold",
    "read_predictions",
    "read_table",
    "score",
    "table_articles",
]

Predictions = dict[Placed, float | None]
"""Predicted spans in the text as read, with their scores where they have some."""


class Evaluation(NamedTuple):
    """How right a tagger is, and how well it knows it."""

    scores: dict[str, Score]
    """Strict counts of each type, and of `all` together."""
    partial: dict[str, Shares]
    type_only: dict[str, Shares]
    intervals: dict[str, Interval]
    """Of the strict F1s, where articles are drawn anew."""
    calibration_error: float | None
    """Expected calibration error of the entities' scores (Naeini et al. 2015), 0 to 1; None where
    the predictions have no scores.
    """
    confusions: dict[str, dict[str, int]]
    mistaken: list[Mistaken]
    articles: dict[str, str]
    """Id -> text of each."""
    seed: int


class Comparison(NamedTuple):
    """Two systems on the same gold, by their names."""

    names: tuple[str, str]
    scores: tuple[dict[str, Score], dict[str, Score]]
    differences: dict[str, Difference]
    articles: int
    seed: int


def evaluate(
    path: str,
    *,
    scheme: str = "news",
    tagger: Tagger | None = None,
    predictions: str | None = None,
    seed: int = 0,
) -> Evaluation:
    """How the pipeline does on gold, or a file of predictions, in the types of a scheme.

    `tagger` takes the place of the scheme's own. Raises InputError.
    """
    articles = read_gold(path)
    if predictions is not None:
        predicted = read_predictions(predictions, articles)
        return evaluated(articles, predicted, scheme=scheme, seed=seed)
    _, found = in_articles(articles, tagger or load(scheme), scheme=scheme)
    return evaluated(articles, dict(found), scheme=scheme, seed=seed)


def evaluated(
    articles: Sequence[Article], predicted: Predictions, *, scheme: str, seed: int
) -> Evaluation:
    """Everything that is counted of predictions on gold articles."""
    types = schemes.types(scheme)
    gold = _gold(articles)
    counted = chance.counts([one.id for one in articles], gold, predicted, types=types)
    loose = loose_scores(gold, predicted, types=types)
    return Evaluation(
        scores=score(gold, predicted, types=types),
        partial=loose["partial"],
        type_only=loose["type"],
        intervals=chance.intervals(counted, types=types, seed=seed),
        calibration_error=_calibration_error(gold, predicted, types),
        confusions=confusions(gold, predicted, types=types),
        mistaken=mistaken(gold, predicted, types=types),
        articles={article.id: article.text for article in articles},
        seed=seed,
    )


def _calibration_error(
    gold: set[Placed], predicted: Predictions, types: Sequence[str]
) -> float | None:
    counted = [
        (sure, place in gold)
        for place, sure in predicted.items()
        if place.type in types and sure is not None
    ]
    return calibration_error(counted) if counted or not predicted else None


def compare(
    path: str,
    systems: tuple[str, str],
    *,
    scheme: str = "news",
    device: str = "cpu",
    seed: int = 0,
) -> Comparison:
    """Two systems on gold, each a model (`fast`, `accurate`) or a file of predictions.

    Raises InputError.
    """
    types = schemes.types(scheme)
    articles = read_gold(path)
    gold, places = _gold(articles), [article.id for article in articles]
    found = [_predicted(system, articles, scheme=scheme, device=device) for system in systems]
    one, other = (score(gold, predicted, types=types) for predicted in found)
    counted = (chance.counts(places, gold, predicted, types=types) for predicted in found)
    return Comparison(
        systems,
        (one, other),
        chance.differences(*counted, types=types, seed=seed),
        len(articles),
        seed,
    )


def _predicted(
    system: str, articles: Sequence[Article], *, scheme: str, device: str
) -> Predictions:
    if system not in MODELS:
        return read_predictions(system, articles)
    tagger = load(scheme, model=system, device=device)
    return dict(in_articles(articles, tagger, scheme=scheme)[1])


def _gold(articles: Sequence[Article]) -> set[Placed]:
    return {Placed(article.id, *mark) for article in articles for mark in article.marks}


def in_articles(
    articles: Sequence[Article], tagger: Tagger, *, scheme: str
) -> tuple[set[Placed], dict[Placed, float]]:
    """Gold spans of the articles, and predicted ones with their scores, in the text as read."""
    chain = Pipeline(last="entities", options={"entities": {"scheme": scheme, "tagger": tagger}})
    documents = chain(article.document() for article in articles)
    return (
        _gold(articles),
        {
            Placed(document.id, entity.start, entity.end, entity.type): entity.score
            for document in documents
            for entity in document.entities
        },
    )


def read_predictions(path: str, articles: Sequence[Article]) -> Predictions:
    """The predictions of a file (whatever gold may be) for these articles, by their ids.

    Raises InputError where an article is missing or its text is another.
    """
    found = {article.id: article for article in read_gold(path)}
    predicted: Predictions = {}
    for article in articles:
        mine = found.get(article.id)
        if mine is None:
            raise InputError(f"{path}: no document {article.id}; predict every document of gold")
        if mine.text != article.text:
            raise InputError(
                f"{path}: {article.id} has another text than in gold, so places can't be compared; "
                "predict from the text of gold"
            )
        scores: Sequence[float | None] = mine.scores or [None] * len(mine.marks)
        for mark, sure in zip(mine.marks, scores, strict=True):
            predicted[Placed(article.id, *mark)] = sure
    return predicted

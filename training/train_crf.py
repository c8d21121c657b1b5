"""Train the CRF taggers of the label schemes: `make train-crf`.

Needs the word classes of `training/word_classes.py`. Writes `src/pnews/data/crf-SCHEME.crfsuite`
and the figures in `training/results/crf-SCHEME.json`. Training is deterministic: L-BFGS, and
damage to sentences drawn from a seed. No dev file is trained on.
"""

from __future__ import annotations

import argparse
import datetime
import json
import random
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import corpora
import models
import pycrfsuite

from pnews.entities import schemes
from pnews.entities.crf import CrfTagger, word_classes
from pnews.entities.features import HALF_SPACE, Features
from pnews.evaluate import ALL, Score, evaluate

VERSION = 1
SEED = 20260101
RESULTS = Path(__file__).parent / "results"
CORPUS = {"news": "gold", "peyma": "peyma", "arman": "arman"}
DEV = {"news": "gold-dev", "peyma": "ner/peyma-dev.tsv", "arman": "ner/arman-dev.tsv"}

PARAMETERS: dict[str, Any] = {
    "c1": 0.1,
    "c2": 0.05,
    "max_iterations": 120,
    "feature.possible_transitions": True,
}
DAMAGED = 0.15
"""Share of half-spaces that are opened, one token made two, in a damaged sentence."""


def train(
    sentences: Iterable[corpora.Labelled], features: Features, *, parameters: dict[str, Any]
) -> bytes:
    """A CRF model as CRFsuite's file."""
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    for words, labels in sentences:
        trainer.append(features(words), labels)
    trainer.set_params(parameters)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "model"
        trainer.train(str(target))
        return target.read_bytes()


def damaged(sentences: Iterable[corpora.Labelled]) -> Iterable[corpora.Labelled]:
    """Each sentence as it is, or with some half-spaces opened, as scraped text has them."""
    chance = random.Random(SEED)
    for words, labels in sentences:
        yield _opened(words, labels, chance)


def _opened(words: list[str], labels: list[str], chance: random.Random) -> corpora.Labelled:
    new_words: list[str] = []
    new_labels: list[str] = []
    for word, label in zip(words, labels, strict=True):
        parts = word.split(HALF_SPACE) if chance.random() < DAMAGED else [word]
        parts = [part for part in parts if part] or [word]
        inside = f"I-{label[2:]}" if label != schemes.OUTSIDE else label
        new_words += parts
        new_labels += [label, *[inside] * (len(parts) - 1)]
    return new_words, new_labels


def train_scheme(scheme: str) -> dict[str, Any]:
    """Train, publish and score the tagger of one scheme."""
    started = time.monotonic()
    features = Features(word_classes(scheme))
    sentences = corpora.labelled(CORPUS[scheme], "train")
    content = train(damaged(sentences), features, parameters=PARAMETERS)
    models.publish(f"crf-{scheme}.crfsuite", content, VERSION)
    tagger = CrfTagger(f"crf-{scheme} {VERSION}", content, features)
    scores = evaluate(str(corpora.SHARED / DEV[scheme]), scheme=scheme, tagger=tagger)
    return {
        "scheme": scheme,
        "version": VERSION,
        "date": datetime.date.today().isoformat(),
        "command": f"training/train_crf.py --scheme {scheme}",
        "trained on": f"{CORPUS[scheme]}-train",
        "sentences": len(sentences),
        "bytes": len(content),
        "seconds": round(time.monotonic() - started),
        "parameters": PARAMETERS,
        "seed": SEED,
        "dev": DEV[scheme],
        "f1": {name: round(score.f1, 4) for name, score in scores.items()},
        **_all_shares(scores[ALL]),
    }


def _all_shares(score: Score) -> dict[str, float]:
    return {"precision": round(score.precision, 4), "recall": round(score.recall, 4)}


def main() -> None:
    """Train the schemes asked for; print and keep their figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scheme", choices=[*schemes.names(), "all"], default="all")
    wanted = parser.parse_args().scheme
    RESULTS.mkdir(exist_ok=True)
    for scheme in schemes.names() if wanted == "all" else [wanted]:
        figures = json.dumps(train_scheme(scheme), ensure_ascii=False, indent=1)
        (RESULTS / f"crf-{scheme}.json").write_text(figures + "\n", encoding="utf-8")
        print(figures)
        sys.stdout.flush()


if __name__ == "__main__":
    main()

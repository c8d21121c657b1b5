"""The taggers' strict span F1 on the development sets, whole and damaged, beside their floors.

usage: python benchmarks/tagger_scores.py SHARED/data [--damaged] [--keep]

Prints each score and ends with status 1 if one is below its floor (`floors.json`, keys
`tagger.MODEL.SET.…`). `--damaged` adds the sets with each damage of `training/damage.py`; `--keep`
makes floors of the scores.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "training"))

import damage  # noqa: E402 (training/ is no package)
import floors  # noqa: E402

from pnews.entities import schemes  # noqa: E402
from pnews.entities.tagger import MODELS, load  # noqa: E402
from pnews.evaluate import (  # noqa: E402
    ALL,
    Article,
    calibration_error,
    in_articles,
    read_articles,
    score,
    table_articles,
)

FILES = {"gold-dev": "gold-dev", "peyma-dev": "ner/peyma-dev.tsv", "arman-dev": "ner/arman-dev.tsv"}
SLACK = 0.002
NAMES = ("PER", "ORG", "LOC")
SEED = 1


def sets(data: Path) -> dict[str, tuple[str, list[Article]]]:
    """Scheme and articles of each development set."""
    return {
        "gold-dev": ("news", read_articles(data / "gold-dev")),
        "peyma-dev": ("peyma", table_articles(data / "ner/peyma-dev.tsv")),
        "arman-dev": ("arman", table_articles(data / "ner/arman-dev.tsv")),
    }


def measured(model: str, scheme: str, articles: list[Article]) -> Iterator[tuple[str, float]]:
    """The scores of a model on a set, under the names of their floors."""
    gold, predicted = in_articles(articles, load(scheme, model=model), scheme=scheme)
    types = schemes.types(scheme)
    yield "f1", score(gold, predicted, types=types)[ALL].f1
    if scheme == "news":
        yield "names-f1", score(gold, predicted, types=NAMES)[ALL].f1
    counted = [(sure, place in gold) for place, sure in predicted.items() if place.type in types]
    yield "calibration", 1 - calibration_error(counted)


def on_damaged(model: str, scheme: str, articles: list[Article]) -> Iterator[tuple[str, float]]:
    """Kind of damage and the F1 on the set so damaged."""
    for kind in damage.DAMAGES:
        chance = random.Random(SEED)
        changed = [damage.damaged(article, [kind], chance) for article in articles]
        gold, predicted = in_articles(changed, load(scheme, model=model), scheme=scheme)
        yield kind, score(gold, predicted, types=schemes.types(scheme))[ALL].f1


def checksum(path: Path) -> str:
    """Of a table, or of the articles and marks of a folder."""
    files = [each for each in path.iterdir() if each.suffix != ".md"] if path.is_dir() else [path]
    return floors.checksum(sorted(files))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--damaged", action="store_true", help="score damaged sets too")
    parser.add_argument("--keep", action="store_true", help="make the scores the floors")
    options = parser.parse_args()
    wrong: list[str] = []
    for model in MODELS:
        for name, (scheme, articles) in sets(options.data).items():
            if model == "open" and scheme != "news":
                continue  # it knows no other
            prefix, sha256 = f"tagger.{model}.{name}.", checksum(options.data / FILES[name])
            found = dict(measured(model, scheme, articles))
            for key, value in found.items():
                print(f"{prefix}{key:<20} {value:.4f}", flush=True)
            for kind, value in on_damaged(model, scheme, articles) if options.damaged else ():
                print(f"{prefix}{kind:<20} {value:.4f} ({value - found['f1']:+.4f})", flush=True)
            if options.keep:
                floors.keep(prefix, found, SLACK, name, sha256)
            else:
                wrong += floors.below(prefix, found, sha256)
    floors.end(wrong)


if __name__ == "__main__":
    main()

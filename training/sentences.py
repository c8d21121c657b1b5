"""The training sentences, whole and damaged, as the chain cuts them: `make tagger-data`.

Writes `sentences.jsonl` into the checkpoints: one sentence a line with its corpus, its variant
(0 is undamaged), its words and its labels. No dev file is read.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator

import corpora
import damage
import store

CORPORA = ("gold", "peyma", "arman", "parstwiner")
VARIANTS = 4
SEED = 20260101

Sentence = tuple[str, int, list[str], list[str]]
"""Corpus, variant, words, labels."""


def made() -> Iterator[Sentence]:
    """All sentences of the training corpora in all variants."""
    for corpus in CORPORA:
        articles = corpora.marked(corpus, "train")
        for variant in range(VARIANTS):
            chance = random.Random(f"{SEED} {corpus} {variant}")
            changed = list(damage.at_random(articles, chance)) if variant else articles
            for words, labels in corpora.article_sentences(changed):
                yield corpus, variant, words, labels


def read() -> list[Sentence]:
    """The sentences as they were written."""
    with store.path("sentences.jsonl").open(encoding="utf-8") as lines:
        return [tuple(json.loads(line)) for line in lines]


def main() -> None:
    """Write the sentences; print and keep their numbers."""
    target = store.path("sentences.jsonl")
    counts: Counter[str] = Counter()
    with target.with_suffix(".part").open("w", encoding="utf-8") as out:
        for corpus, variant, words, labels in made():
            counts[f"{corpus}, variant {variant}"] += len(words)
            out.write(json.dumps([corpus, variant, words, labels], ensure_ascii=False) + "\n")
    target.with_suffix(".part").replace(target)
    store.keep_figures("tagger-data", {"seed": SEED, "words": counts})


if __name__ == "__main__":
    main()

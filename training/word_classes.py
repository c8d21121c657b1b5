"""Make data/words.marisa, what the fast tagger knows of a word: `make word-classes`.

`--open` makes words-open.marisa for the open tagger, which reads neither ARMAN nor PEYMA.

Three clusters of a folded word (`features.word_key`), coarse to fine (`12a 100b 900c`), learnt
from unlabelled news and the training sets: k-means over word vectors, which are the truncated SVD
of positive pointwise mutual information with the words up to two places away (Levy and Goldberg
2014). Minutes on one core; deterministic. No dev file is read.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain

import corpora
import marisa_trie
import models
import numpy as np
from scipy import sparse
from sklearn.cluster import MiniBatchKMeans
from sklearn.utils.extmath import randomized_svd

from pnews.entities.features import word_key

VERSIONS = {"words.marisa": 2, "words-open.marisa": 1}
CORPORA = ("gold", "peyma", "arman", "parstwiner")
OPEN = ("gold",)

LEAST_COUNT = 3
CONTEXTS = 12_000
DIMENSIONS = 150
FAR_WEIGHT = 0.6
CLUSTERS = {"a": 80, "b": 320, "c": 1280}
SEED = 1

Records = dict[str, list[str]]
Matrix = sparse.csr_matrix


def clusters(sentences: Iterable[Sequence[str]]) -> Records:
    """The three clusters of each word seen three times or more."""
    keyed = [[word_key(word) for word in words] for words in sentences]
    counts = Counter(chain.from_iterable(keyed))
    words = [word for word, count in counts.most_common() if count >= LEAST_COUNT]
    vectors = word_vectors(keyed, words)
    weights = np.log1p([counts[word] for word in words])
    named: Records = {word: [] for word in words}
    for letter, size in CLUSTERS.items():
        means = MiniBatchKMeans(size, batch_size=8192, random_state=SEED, n_init=2, max_iter=60)
        found = means.fit(vectors, sample_weight=weights).predict(vectors)
        for word, number in zip(words, found, strict=True):
            named[word].append(f"{number}{letter}")
    return named


def word_vectors(keyed: Sequence[Sequence[str]], words: Sequence[str]) -> np.ndarray:
    """One unit vector of DIMENSIONS a word, in the order of `words`."""
    index = {word: place for place, word in enumerate(words, 1)}  # 0 is the sentence's edge
    flat = [0, 0]
    for sentence in keyed:
        flat += [index.get(word, -1) for word in sentence]
        flat += [0, 0]
    places = np.array(flat, dtype=np.int64)
    near = [association(places, step, len(words) + 1) for step in (-2, -1, 1, 2)]
    left, strength, _ = randomized_svd(sparse.hstack(near).tocsr(), DIMENSIONS, random_state=SEED)
    vectors = (left * np.sqrt(strength))[1:]
    return np.asarray(vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9))


def association(places: np.ndarray, step: int, size: int) -> Matrix:
    """Positive pointwise mutual information of words with the words `step` places away."""
    word, context = places[2:-2], places[2 + step : len(places) - 2 + step]
    known = (word > 0) & (context >= 0) & (context < CONTEXTS)
    ones = np.ones(int(known.sum()), dtype=np.float32)
    joint = sparse.coo_matrix((ones, (word[known], context[known])), (size, CONTEXTS)).tocsr()
    joint.sum_duplicates()
    total = np.asarray(joint.sum(axis=1)).ravel()
    chance = np.asarray(joint.sum(axis=0)).ravel() ** 0.75  # smoothed, as Levy and Goldberg do
    chance /= chance.sum()
    cells = joint.tocoo()
    lift = np.log(cells.data / total[cells.row] / np.maximum(chance[cells.col], 1e-12))
    sure = cells.data / (cells.data + 1)  # what was seen once counts for half
    value = np.maximum(lift, 0) * sure * (FAR_WEIGHT if abs(step) == 2 else 1)
    return sparse.coo_matrix((value, (cells.row, cells.col)), joint.shape).tocsr()


def main() -> None:
    """Learn, and publish the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--open", action="store_true", help="without ARMAN and PEYMA")
    open_ = parser.parse_args().open
    news = list(corpora.news_sentences())
    names = OPEN if open_ else CORPORA
    marked = [words for name in names for words, _ in corpora.labelled(name, "train")]
    found = clusters(chain(news, marked))
    table = marisa_trie.BytesTrie((word, " ".join(names).encode()) for word, names in found.items())
    name = "words-open.marisa" if open_ else "words.marisa"
    target = models.publish(name, table.tobytes(), VERSIONS[name])
    print(f"{target}: {len(found)} words, {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()

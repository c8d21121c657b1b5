"""Make data/crf-words.marisa, what the taggers know of a word: `make word-classes`.

Two kinds of classes of a folded word (`features.word_key`), all learnt from unlabelled news and
the training sets:

- three clusters, coarse to fine (`12a 100b 900c`): k-means over word vectors, which are the
  truncated SVD of positive pointwise mutual information with the words up to two places away
  (Levy and Goldberg 2014);
- entries of one lexicon a corpus (`pPER4B`: by PEYMA's tagger nearly always PER, at the start of
  a mention): a tagger with the clusters alone labels all news, and its labels are counted.

Half an hour on one core; deterministic. No dev file is read.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

import corpora
import marisa_trie
import models
import numpy as np
from scipy import sparse
from sklearn.cluster import MiniBatchKMeans
from sklearn.utils.extmath import randomized_svd
from train_crf import PARAMETERS, train

from pnews.entities import schemes
from pnews.entities.crf import LEXICONS, WORD_CLASSES, CrfTagger, classes_from
from pnews.entities.features import Features, word_key

VERSION = 1
CORPORA = {"gold": LEXICONS["news"], "peyma": LEXICONS["peyma"], "arman": LEXICONS["arman"]}
CORPORA |= {"parstwiner": "t"}

LEAST_COUNT = 3
CONTEXTS = 12_000
DIMENSIONS = 150
FAR_WEIGHT = 0.6
CLUSTERS = {"a": 80, "b": 320, "c": 1280}
SEED = 1
SHARES = (0.06, 0.25, 0.6, 0.9)
"""A word's share of labels of one type falls into one of these steps, 1 to 4; below, none."""
LONGEST = 200

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


def lexicon(
    corpus: str, news: Iterable[Sequence[str]], named: Records
) -> Iterator[tuple[str, str]]:
    """Word and entry, of the words that have clusters."""
    records = {word: [" ".join(names).encode()] for word, names in named.items()}
    features = Features(classes_from(records.get, CORPORA[corpus]))
    model = train(corpora.labelled(corpus, "train"), features, parameters=PARAMETERS)
    tagger = CrfTagger(corpus, model, features)
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for words in news:
        if len(words) <= LONGEST:
            for word, (label, _) in zip(words, tagger.tag([words])[0], strict=True):
                counts[word_key(word)][label] += 1
    for word in named:
        for entry in entries(counts[word]):
            yield word, CORPORA[corpus] + entry


def entries(labels: Counter[str]) -> Iterator[str]:
    """`PER4B`: type, step of its share, and whether it begins mentions (B), goes on (I) or both."""
    for type_ in sorted({label[2:] for label in labels if label != schemes.OUTSIDE}):
        begins = labels[f"B-{type_}"]
        count = begins + labels[f"I-{type_}"]
        step = sum(count / labels.total() > share for share in SHARES)
        if step and count > 1:
            share = begins / count
            yield f"{type_}{step}{'B' if share > 0.8 else 'I' if share < 0.2 else 'M'}"


def main() -> None:
    """Learn, and publish the table."""
    news = list(corpora.news_sentences())
    marked = [words for name in CORPORA for words, _ in corpora.labelled(name, "train")]
    named = clusters(chain(news, marked))
    print(f"{len(news)} sentences, {len(named)} words with clusters", flush=True)
    found = {word: list(names) for word, names in named.items()}
    for corpus in CORPORA:
        for word, entry in lexicon(corpus, news, named):
            found[word].append(entry)
        print(f"lexicon of {corpus}", flush=True)
    table = marisa_trie.BytesTrie((word, " ".join(names).encode()) for word, names in found.items())
    target = models.publish(WORD_CLASSES, table.tobytes(), VERSION)
    print(f"{target}: {len(found)} words, {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()

"""What the encoder says of the news, for the student to learn: `make labels`.

Writes shards into the checkpoints, the best modern news first; started again it goes on where it
stopped. Several processes may share the work (`--part 0/2`). `--open` asks an encoder that never
saw ARMAN and PEYMA, and leaves their sentences out.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterable, Iterator

import batches
import corpora
import damage
import numpy as np
import store

from pnews.entities import networks, packs
from pnews.evaluate import Article

HEADS = ("news", "peyma", "arman")
"""The heads that ship, whose outputs are kept."""
SHARD = 40
"""Documents."""
DAMAGED = 0.3
SEED = 20260101
LONGEST = 300


def texts(open_: bool) -> list[Article]:
    """All texts in the order of labelling: the newest news, then what the corpora were made of,
    for the heads that aren't theirs, then the other news mixed.
    """
    chance = random.Random(SEED)
    first, *others = (list(corpora.news_texts((name,))) for name in corpora.NEWS)
    rest = [text for corpus in others for text in corpus]
    for order in (first, rest):
        chance.shuffle(order)
    names = ("gold",) if open_ else ("gold", "peyma", "arman")
    marked = [a.text for name in names for a in corpora.marked(name, "train")]
    joined = ["\n".join(marked[at : at + 10]) for at in range(0, len(marked), 10)]
    articles = [Article("", text, None, []) for text in [*first, *joined, *rest]]
    return [
        next(damage.at_random([article], chance)) if chance.random() < DAMAGED else article
        for article in articles
    ]


def folder(open_: bool) -> str:
    """Where the shards lie among the checkpoints."""
    return "labels-open" if open_ else "labels"


def label(network: networks.Network, options: argparse.Namespace) -> int:
    """Label shards of this part for so long; the number of words."""
    started, done = time.monotonic(), 0
    for number, found in shards_of(options.part, options.open):
        outputs = networks.outputs(network, found)
        target = store.path(f"{folder(options.open)}/{number:05}.npz")
        with target.with_suffix(".part").open("wb") as out:
            np.savez(
                out,
                outputs=np.concatenate(outputs).astype(np.float16),
                words=np.frombuffer(json.dumps(found, ensure_ascii=False).encode(), np.uint8),
            )
        target.with_suffix(".part").replace(target)
        done += sum(map(len, found))
        taken = time.monotonic() - started
        print(f"shard {number}: {done} words, {done / taken:.0f} words/s", flush=True)
        if taken > 60 * options.minutes:
            break
    return done


def shards_of(part: str, open_: bool) -> Iterator[tuple[int, list[list[str]]]]:
    """The shards of this part, NUMBER/OF, that aren't labelled yet."""
    own, parts = map(int, part.split("/"))
    articles = texts(open_)
    for at in range(0, len(articles), SHARD):
        number = at // SHARD
        target = store.path(f"{folder(open_)}/{number:05}.npz")
        if number % parts == own and not target.exists():
            found = corpora.article_sentences(articles[at : at + SHARD])
            yield number, [words for words, _ in found if 2 < len(words) <= LONGEST]


def read(open_: bool) -> Iterable[tuple[list[str], np.ndarray]]:
    """The words of each labelled sentence, and its outputs (words, labels of the heads)."""
    for shard in sorted(store.path(f"{folder(open_)}/x").parent.glob("*.npz")):
        with np.load(shard) as arrays:
            outputs, at = arrays["outputs"], 0
            for words in json.loads(arrays["words"].tobytes()):
                yield words, outputs[at : at + len(words)]
                at += len(words)


def main() -> None:
    """Label for a time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", default="0/1", help="NUMBER/OF")
    parser.add_argument("--minutes", type=float, default=600)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--open", action="store_true", help="without ARMAN and PEYMA")
    options = parser.parse_args()
    name = "open-encoder" if options.open else "accurate"
    pack = packs.unpack(store.path(f"{name}.pack").read_bytes())
    network = networks.build(
        pack, device=options.device, threads=options.threads, pieces=batches.pieces()
    )
    label(network, options)


if __name__ == "__main__":
    main()

"""Distil the encoder into convolutions over word vectors: `make student`.

Learns from the corpora's own labels and from what the encoder says of the news
(`training/label.py`), half of a batch's loss or so each. Seeded; `--open` leaves ARMAN and PEYMA
out: their heads, their sentences, the labels of a teacher that saw them, the word classes that
were learnt from their text.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import batches
import label
import numpy as np
import sentences
import store
import torch
from torch import Tensor, nn
from torch.nn import functional

from pnews.entities import features

TABLE = 1 << 15
FEATURE_WIDTH, PIECE_WIDTH, WIDTH = 80, 64, 192
DILATIONS = (1, 1, 2, 4)
BATCH = 3072
"""Padded words a step."""
RATE = 2e-3
WARM_UP = 0.04
LONGEST = 120
UNKNOWN_WORDS = 0.15
"""Share of words that are seen without the two features that are the word itself."""
SHARES = {"gold": 2.0, "peyma": 1.0, "arman": 1.0}
"""How often a sentence is taken damaged, beside once as it is."""
CLASSES = {False: "words.marisa", True: "words-open.marisa"}
"""The word classes of the open student and of the other."""
DISTILLED = 1.5
"""Weight of the encoder's labels."""


class Item(NamedTuple):
    """A sentence: its words by number, labels of its own head or none, the encoder's or none."""

    words: np.ndarray
    labels: np.ndarray | None
    outputs: np.ndarray | None


class Lexicon:
    """The words of the training by number, with their features and pieces."""

    def __init__(self, embeddings: Tensor, classes: features.Classes) -> None:
        self._pieces = batches.pieces()
        self._classes = classes
        self.embeddings = embeddings
        self._numbers: dict[str, int] = {}
        self._features: list[list[int]] = []

    def __call__(self, words: Sequence[str]) -> np.ndarray:
        numbers = self._numbers
        for word in words:
            if word not in numbers:
                numbers[word] = len(numbers)
                found = features.rows(word, self._classes, TABLE)
                self._features.append(found + [0] * (features.MOST - len(found)))
        return np.array([numbers[word] for word in words], np.int64)

    def tables(self) -> tuple[Tensor, Tensor]:
        """Features (words, MOST), and the mean of the pieces' embeddings (words, width)."""
        means = torch.zeros(len(self._numbers), self.embeddings.shape[1])
        known = list(self._numbers)
        for at in range(0, len(known), 10_000):
            for i, found in enumerate(self._pieces(known[at : at + 10_000]), at):
                means[i] = self.embeddings[list(found)].mean(0)
        return torch.tensor(self._features), means


class Student(nn.Module):
    """Word vectors, then dilated convolutions (Strubell et al. 2017) with residuals."""

    def __init__(self, piece_width: int, labels: int) -> None:
        super().__init__()
        self.features = nn.EmbeddingBag(TABLE, FEATURE_WIDTH, mode="sum", padding_idx=0)
        nn.init.normal_(self.features.weight, std=0.1)
        with torch.no_grad():
            self.features.weight[0] = 0
        self.pieces = nn.Linear(piece_width, PIECE_WIDTH, bias=False)
        self.entry = nn.Linear(FEATURE_WIDTH + PIECE_WIDTH, WIDTH)
        self.entry_norm = nn.LayerNorm(WIDTH)
        self.layers = nn.ModuleList(nn.Linear(3 * WIDTH, WIDTH) for _ in DILATIONS)
        self.norms = nn.ModuleList(nn.LayerNorm(WIDTH) for _ in DILATIONS)
        self.output = nn.Linear(WIDTH, labels)

    def forward(self, numbers: Tensor, means: Tensor, places: Tensor, mask: Tensor) -> Tensor:
        """Features (words, MOST) and piece means (words, width) of the words of a batch, the
        number of the word at each place (batch, length), mask (batch, length, 1).
        """
        vectors = torch.cat([self.features(numbers), self.pieces(means)], 1)
        x = functional.dropout(vectors[places], 0.2, self.training)
        x = functional.gelu(self.entry_norm(self.entry(x))) * mask
        for dilation, layer, norm in zip(DILATIONS, self.layers, self.norms, strict=True):
            padded = functional.pad(norm(x) * mask, (0, 0, dilation, dilation))
            length = x.shape[1]
            near = [padded[:, i * dilation : i * dilation + length] for i in range(3)]
            found = functional.gelu(layer(torch.cat(near, -1)))
            x = (x + functional.dropout(found, 0.1, self.training)) * mask
        return self.output(x)


class Training:
    """The network, its words and its optimizer."""

    def __init__(self, options: argparse.Namespace) -> None:
        torch.manual_seed(options.seed)
        self.heads = list(batches.OPEN if options.open else label.HEADS)
        self.ranges = batches.ranges(self.heads)
        embeddings = torch.load(store.path("encoder.pt"))["word.weight"]
        classes = features.shipped_classes(CLASSES[options.open])
        self.lexicon = Lexicon(embeddings / embeddings.std(), classes)
        self.items = list(self._items(options))
        self.tables = self.lexicon.tables()
        outputs = max(end for _, end in self.ranges.values())
        self.net = Student(embeddings.shape[1], outputs)
        self.net.train()
        self.optimizer = torch.optim.AdamW(
            self.net.parameters(), lr=RATE, weight_decay=0.01, fused=True
        )

    def _items(self, options: argparse.Namespace) -> Iterator[Item]:
        chance = random.Random(options.seed)
        for head in self.heads:
            known = {
                name: self.ranges[head][0] + i for i, name in enumerate(batches.head_labels(head))
            }
            corpus = batches.HEADS[head]
            for name, variant, words, labels in sentences.read():
                # Undamaged sentences are all in, of the damaged ones as many or more.
                share = SHARES[corpus] / (sentences.VARIANTS - 1) if name == corpus else 0
                if name == corpus and (variant == 0 or chance.random() < share):
                    numbers = np.array([known[label] for label in labels])
                    yield Item(self.lexicon(words)[:LONGEST], numbers[:LONGEST], None)
        for words, outputs in label.read(options.open):
            yield Item(self.lexicon(words)[:LONGEST], None, outputs[:LONGEST])

    def learn(self, batch: Sequence[Item], share: float) -> float:
        """One step at this share of the way; the loss of a word."""
        factor = min(share / WARM_UP, (1 - share) / (1 - WARM_UP))
        for group in self.optimizer.param_groups:
            group["lr"] = RATE * factor
        loss = self._loss(batch)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        self.optimizer.step()
        return loss.item()

    def _loss(self, batch: Sequence[Item]) -> Tensor:
        length = max(len(item.words) for item in batch)
        places = np.zeros((len(batch), length), np.int64)
        mask = np.zeros((len(batch), length, 1), np.float32)
        for row, item in enumerate(batch):
            places[row, : len(item.words)] = item.words
            mask[row, : len(item.words)] = 1
        used, places = np.unique(places, return_inverse=True)
        chosen = torch.from_numpy(used)
        numbers = self.tables[0][chosen].clone()
        numbers[torch.rand(len(used)) < UNKNOWN_WORDS, :2] = 0
        outputs = self.net(
            numbers,
            self.tables[1][chosen],
            torch.from_numpy(places.reshape(len(batch), length)),
            torch.from_numpy(mask),
        )
        loss = self._gold_loss(outputs, batch) + DISTILLED * self._soft_loss(outputs, batch)
        return loss / float(mask.sum())

    def _gold_loss(self, outputs: Tensor, batch: Sequence[Item]) -> Tensor:
        loss = outputs.new_zeros(())
        for start, end in self.ranges.values():
            rows = [
                i for i, item in enumerate(batch)
                if item.labels is not None and start <= item.labels[0] < end
            ]  # fmt: skip
            if rows:
                found = torch.cat([outputs[i, : len(batch[i].words), start:end] for i in rows])
                right = np.concatenate([batch[i].labels for i in rows]) - start
                loss = loss + functional.cross_entropy(
                    found, torch.from_numpy(right), reduction="sum"
                )
        return loss

    def _soft_loss(self, outputs: Tensor, batch: Sequence[Item]) -> Tensor:
        """Kullback-Leibler divergence from the encoder's labels, mean of the heads."""
        rows = [i for i, item in enumerate(batch) if item.outputs is not None]
        if not rows:
            return outputs.new_zeros(())
        found = torch.cat([outputs[i, : len(batch[i].words)] for i in rows])
        theirs = torch.from_numpy(np.concatenate([batch[i].outputs for i in rows])).float()
        losses = [
            functional.kl_div(
                functional.log_softmax(found[:, start:end], -1),
                functional.log_softmax(theirs[:, start:end], -1),
                reduction="sum",
                log_target=True,
            )
            for start, end in self.ranges.values()
        ]
        return sum(losses, outputs.new_zeros(())) / len(losses)


def train(options: argparse.Namespace) -> dict[str, Any]:
    """Train to the end; writes `NAME.pt` and returns figures."""
    training = Training(options)
    items = training.items
    words = sum(len(item.words) for item in items)
    print(f"{len(items)} sentences, {words} words, {len(training.tables[0])} different", flush=True)
    chance = random.Random(options.seed)
    lengths = [len(item.words) for item in items]
    per_epoch = len(batches.grouped(lengths, BATCH, random.Random(0)))
    total, step, losses, started = per_epoch * options.epochs, 0, 0.0, time.monotonic()
    share = 0.0
    while share < 1:
        for group in batches.grouped(lengths, BATCH, chance):
            taken = time.monotonic() - started
            share = max((step + 0.5) / total, taken / (60 * options.minutes))
            if share >= 1:
                break
            losses += training.learn([items[i] for i in group], share)
            step += 1
            if step % 100 == 0:
                rate = step / per_epoch * words / taken
                print(f"{step}/{total} loss {losses / 100:.4f} {rate:.0f} words/s", flush=True)
                losses = 0.0
    net = training.net.state_dict()
    embeddings = training.lexicon.embeddings
    torch.save(
        {"net": net, "pieces": embeddings @ net["pieces.weight"].T, "heads": training.heads},
        store.path(f"{options.name}.pt"),
    )
    return {
        **vars(options),
        "sentences": len(items),
        "words": words,
        "labelled by the encoder": sum(
            len(item.words) for item in items if item.outputs is not None
        ),
        "steps": step,
        "steps planned": total,
        "seconds": round(time.monotonic() - started),
    }


def main() -> None:
    """Train; print and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--name", default="student")
    parser.add_argument("--open", action="store_true", help="without ARMAN and PEYMA")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument(
        "--minutes", type=float, default=600, help="an earlier end; the rates sink in time for it"
    )
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    store.keep_figures(options.name, train(options))


if __name__ == "__main__":
    main()

"""Masked-word training of the encoder on the news (Gururangan et al. 2020): `make adapt`.

Reads `encoder.pt`, writes `adapted.pt`, which `training/teacher.py --start adapted.pt` begins
with. The outputs are the frozen piece embeddings. Hours on a CPU, minutes on a GPU; resumed from
its last checkpoint.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator

import batches
import corpora
import network
import store
import torch
from torch import nn
from torch.nn import functional

from pnews.entities.pieces import BEGIN, END, UNKNOWN

BATCH = 4096
MASKED = 0.15
KEPT, RANDOM = 0.1, 0.1
"""Of the masked pieces so many stay as they are, and so many become another piece."""
WARM_UP = 0.05
SAVED_EVERY = 500


def windows() -> list[list[int]]:
    """The news and the lines for half-spaces as runs of at most `batches.LONGEST` pieces."""
    pieces = batches.pieces()
    made, run = [], [BEGIN]
    for words in corpora.plain_sentences():
        for word in pieces(words):
            if len(run) + len(word) + 1 > batches.LONGEST:
                made.append([*run, END])
                run = [BEGIN]
            run.extend(word)
    return [*made, [*run, END]]


def masked(ids: torch.Tensor, lengths: torch.Tensor, vocabulary: int) -> tuple[torch.Tensor, ...]:
    """Pieces with some replaced, and the right pieces there; elsewhere `batches.IGNORED`."""
    inside = torch.arange(ids.shape[1])[None] < lengths[:, None]
    chosen = (torch.rand(ids.shape) < MASKED) & inside & (ids > UNKNOWN)
    dice = torch.rand(ids.shape)
    given = ids.masked_fill(chosen & (dice > KEPT + RANDOM), UNKNOWN)
    other = chosen & (dice > KEPT) & (dice <= KEPT + RANDOM)
    given[other] = torch.randint(UNKNOWN + 1, vocabulary, (int(other.sum()),))
    return given, ids.masked_fill(~chosen, batches.IGNORED)


class Training:
    """The encoder, a layer before its outputs, and how far it has come."""

    def __init__(self, options: argparse.Namespace) -> None:
        torch.manual_seed(options.seed)
        self.device = options.device
        weights = torch.load(store.path("encoder.pt"))
        self.encoder = network.encoder_from(weights, options.layers, 0)
        self.last = nn.Sequential(
            nn.Linear(network.WIDTH, network.WIDTH), nn.GELU(), nn.LayerNorm(network.WIDTH)
        )
        self.net = nn.ModuleList([self.encoder, self.last]).to(self.device).train()
        self.encoder.freeze()
        learning = [p for p in self.net.parameters() if p.requires_grad]
        self.optimizer = torch.optim.AdamW(learning, lr=options.rate, weight_decay=0.01)
        self.rate, self.step = options.rate, 0
        self.saved = store.path("adapt.state.pt")
        if self.saved.exists():
            state = torch.load(self.saved)
            self.step = state["step"]
            self.net.load_state_dict(state["net"])
            self.optimizer.load_state_dict(state["optimizer"])

    def learn(self, ids: torch.Tensor, lengths: torch.Tensor, share: float) -> float:
        """One step at this share of the way; the mean loss of a masked piece."""
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate * min(share / WARM_UP, (1 - share) / (1 - WARM_UP))
        given, right = masked(ids, lengths, self.encoder.word.num_embeddings)
        given, right, lengths = (t.to(self.device) for t in (given, right, lengths))
        chosen = right != batches.IGNORED
        vectors = self.last(self.encoder(given, lengths)[chosen])
        loss = functional.cross_entropy(vectors @ self.encoder.word.weight.T, right[chosen])
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        self.optimizer.step()
        self.step += 1
        return loss.item()

    def save(self) -> None:
        """For a later start."""
        state = {
            "step": self.step,
            "net": self.net.state_dict(),
            "optimizer": self.optimizer.state_dict(),
        }
        torch.save(state, self.saved.with_suffix(".part"))
        self.saved.with_suffix(".part").replace(self.saved)


def steps(options: argparse.Namespace) -> Iterator[tuple[torch.Tensor, torch.Tensor, float]]:
    """Pieces, lengths and share of the way, in the same order at each start."""
    runs = windows()
    chance = random.Random(options.seed)
    size = BATCH // batches.LONGEST
    total = options.epochs * (len(runs) // size)
    for _ in range(options.epochs):
        chance.shuffle(runs)
        for at in range(len(runs) // size):
            batch = [torch.tensor(run) for run in runs[at * size : (at + 1) * size]]
            lengths = torch.tensor([len(run) for run in batch])
            yield nn.utils.rnn.pad_sequence(batch, batch_first=True), lengths, 1 / total


def main() -> None:
    """Train to the end; keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--layers", type=int, default=8)
    parser.add_argument("--rate", type=float, default=3e-4)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--steps", type=int, default=0, help="end after so many; for trying out")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    training, started, mean = Training(options), time.monotonic(), 0.0
    for number, (ids, lengths, part) in enumerate(steps(options)):
        if number < training.step:
            continue
        loss = training.learn(ids, lengths, (number + 0.5) * part)
        mean = 0.98 * mean + 0.02 * loss if mean else loss
        if training.step % 50 == 0:
            print(f"{training.step}/{round(1 / part)} loss {mean:.3f}", flush=True)
        if training.step % SAVED_EVERY == 0:
            training.save()
        if training.step == options.steps:
            break
    training.save()
    torch.save(training.encoder.state_dict(), store.path("adapted.pt"))
    seconds = round(time.monotonic() - started)
    figures = {**vars(options), "steps": training.step, "loss": round(mean, 3), "seconds": seconds}
    store.keep_figures("adapt", figures)


if __name__ == "__main__":
    main()

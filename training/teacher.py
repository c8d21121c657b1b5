"""Fine-tune the encoder with a head a scheme, all together: `make teacher`.

`--open` leaves ARMAN and PEYMA out, their heads and their sentences.

Each epoch draws every sentence once or so, half of the time damaged (`training/sentences.py`).
Seeded, and resumed from its last checkpoint when it is started again.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator
from typing import Any

import batches
import network
import sentences
import store
import torch
from torch.nn import functional

SHARES = {"gold": 2.0, "peyma": 1.0, "arman": 1.0, "parstwiner": 0.4}
"""How often an epoch draws a sentence of each corpus."""
DAMAGED = 0.5
BATCH = 1024
"""Padded pieces a step."""
WARM_UP = 0.06
SAVED_EVERY = 250


def epoch(found: list[sentences.Sentence], chance: random.Random) -> list[sentences.Sentence]:
    """The sentences of an epoch; a share above 1 draws some sentences in several variants."""
    drawn = []
    for sentence in found:
        corpus, variant, _, _ = sentence
        share = SHARES[corpus] * (DAMAGED / (sentences.VARIANTS - 1) if variant else 1 - DAMAGED)
        if chance.random() < share:
            drawn.append(sentence)
    return drawn


class Training:
    """The network, its optimizer and how far it has come."""

    def __init__(self, options: argparse.Namespace) -> None:
        torch.manual_seed(options.seed)
        self.options = options
        weights = torch.load(store.path(options.start))
        encoder = network.encoder_from(weights, options.layers, options.frozen)
        self.heads = batches.OPEN if options.open else tuple(batches.HEADS)
        self.ranges = batches.ranges(self.heads)
        self.net = network.Tagger(encoder, max(end for _, end in self.ranges.values()))
        self.net.train()
        encoder.freeze()
        self.net.to(options.device)
        self.optimizer = torch.optim.AdamW(self._groups(), betas=(0.9, 0.98), fused=True)
        self.rates = [group["lr"] for group in self.optimizer.param_groups]
        self.step = 0
        self.seconds = 0.0
        self.saved = store.path(f"{options.name}-{options.seed}.state.pt")
        self.masks = self._masks()

    def _groups(self) -> Iterator[dict[str, Any]]:
        """Lower layers learn slower; norms and biases don't decay."""
        options = self.options
        for depth, layer in enumerate(self.net.encoder.layers[options.frozen :], options.frozen):
            rate = options.rate * options.decay ** (options.layers - 1 - depth)
            for bias in (False, True):
                parameters = [p for p in layer.parameters() if (p.ndim < 2) == bias]
                yield {"params": parameters, "lr": rate, "weight_decay": 0.0 if bias else 0.01}
        yield {"params": list(self.net.output.parameters()), "lr": 1e-3, "weight_decay": 0.01}

    def _masks(self) -> dict[str, torch.Tensor]:
        """For each corpus what is added to the outputs so that other heads' labels drop out."""
        made = {}
        for head, span in self.ranges.items():
            mask = torch.full((self.net.output.out_features,), network.MASKED)
            mask[slice(*span)] = 0
            made[batches.HEADS[head]] = mask
        return made

    def numbers(self) -> dict[str, dict[str, int]]:
        """The outputs of each corpus's labels."""
        return {
            batches.HEADS[head]: {
                label: start + i for i, label in enumerate(batches.head_labels(head))
            }
            for head, (start, _) in self.ranges.items()
        }

    def learn(self, batch: list[batches.Window], share: float) -> float:
        """One step at this share of the way; the mean loss of a word."""
        factor = min(share / WARM_UP, (1 - share) / (1 - WARM_UP))
        for group, rate in zip(self.optimizer.param_groups, self.rates, strict=True):
            group["lr"] = rate * factor
        device = self.options.device
        ids, lengths, labels = (torch.from_numpy(a).to(device) for a in batches.arrays(batch))
        masks = torch.stack([self.masks[window.corpus] for window in batch]).to(device)
        logits = self.net(ids, lengths) + masks[:, None, :]
        loss = functional.cross_entropy(
            logits.flatten(0, 1), labels.flatten(), ignore_index=batches.IGNORED
        )
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        self.optimizer.step()
        self.step += 1
        return loss.item()

    def save(self) -> None:
        """Everything that a later start needs."""
        state = {
            "step": self.step,
            "seconds": self.seconds,
            "net": self.net.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "random": torch.get_rng_state(),
        }
        torch.save(state, self.saved.with_suffix(".part"))
        self.saved.with_suffix(".part").replace(self.saved)

    def resume(self) -> None:
        """Go on from the last checkpoint, if there is one."""
        if self.saved.exists():
            state = torch.load(self.saved)
            self.step, self.seconds = state["step"], state["seconds"]
            self.net.load_state_dict(state["net"])
            self.optimizer.load_state_dict(state["optimizer"])
            torch.set_rng_state(state["random"])


def train(options: argparse.Namespace) -> dict[str, Any]:
    """Train to the end; writes `NAME-SEED.pt` and returns figures."""
    training = Training(options)
    training.resume()
    pieces, numbers = batches.pieces(), training.numbers()
    found = [sentence for sentence in sentences.read() if sentence[0] in numbers]
    epochs = []
    for number in range(options.epochs):
        chance = random.Random(f"{options.seed} {number}")
        windows = batches.windows(epoch(found, chance), pieces, numbers)
        groups = batches.grouped([len(w.ids) for w in windows], BATCH, chance)
        epochs.append((windows, groups))
    del found
    total = sum(len(groups) for _, groups in epochs)
    steps = ([windows[i] for i in group] for windows, groups in epochs for group in groups)
    started, seen, losses = time.monotonic(), 0, 0.0
    before = training.seconds
    for number, batch in enumerate(steps):
        if number < training.step:
            continue
        training.seconds = before + time.monotonic() - started
        share = max((number + 0.5) / total, training.seconds / (60 * options.minutes))
        if share >= 1:
            break
        losses += training.learn(batch, share)
        seen += sum(len(window.ids) for window in batch)
        if training.step % 50 == 0:
            rate = seen / (time.monotonic() - started)
            print(f"{training.step}/{total} loss {losses / 50:.4f} {rate:.0f} pieces/s", flush=True)
            losses = 0.0
        if training.step % SAVED_EVERY == 0:
            training.save()
    training.save()
    torch.save(
        {"net": training.net.state_dict(), "layers": options.layers, "heads": training.heads},
        store.path(f"{options.name}-{options.seed}.pt"),
    )
    return {
        **{name: value for name, value in vars(options).items() if name != "device"},
        "shares": SHARES,
        "damaged": DAMAGED,
        "batch": BATCH,
        "steps": training.step,
        "steps planned": total,
        "seconds": round(training.seconds),
    }


def main() -> None:
    """Train one seed; print and keep its figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--name", default="teacher")
    parser.add_argument("--open", action="store_true", help="without ARMAN and PEYMA")
    parser.add_argument("--start", default="encoder.pt", help="among the checkpoints")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument(
        "--minutes", type=float, default=600, help="an earlier end; the rates sink in time for it"
    )
    parser.add_argument("--layers", type=int, default=8)
    parser.add_argument("--frozen", type=int, default=1, help="lowest layers that learn nothing")
    parser.add_argument("--rate", type=float, default=1.5e-4)
    parser.add_argument("--decay", type=float, default=0.95, help="of the rate from layer to layer")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--device", default="cpu")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    store.keep_figures(f"{options.name}-{options.seed}", train(options))


if __name__ == "__main__":
    main()

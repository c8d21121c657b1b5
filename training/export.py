"""Trained networks as the packs that ship: `make export`.

`--what encoder` and `--what student` write `accurate.pack` and `fast.pack` into the checkpoints,
with the temperatures that make scores true on the development sets; `--publish` copies them into
the package, with the vocabulary.
"""

from __future__ import annotations

import argparse
import itertools
import random
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import batches
import corpora
import graphs
import label
import models
import msgspec
import network
import numpy as np
import sentences
import store
import student
import torch

from pnews.entities import networks, packs, pieces, schemes
from pnews.entities.decoding import Decoder
from pnews.evaluate import calibration_error

VERSIONS = {"fast": 2, "accurate": 1, "open": 1}
SAMPLE = 100
"""Training sentences by which the spans of activations are measured."""
SMOOTHING = (0.6, 0.8)
KEPT = (1.0, 0.9999)
"""How far the columns of a matrix's inputs are brought to one width, and the share of the inputs
that their span then holds; the pair is taken that changes the outputs least."""
TRANSITIONS = 0.2
"""Weight of the transitions; tried on the development sets: 0, 0.1, 0.2, 0.3, 0.5."""
SHARE = 0.4
"""Of the encoder's outputs in `accurate`, the student's have the rest; tried: 0.4 to 0.7."""
TEMPERATURES = [round(0.7 + 0.02 * i, 2) for i in range(81)]


def encoder_pack(name: str, *, alone: bool, open_: bool) -> packs.Pack:
    """The fine-tuned encoder with the heads that ship; `alone` before there is a student."""
    saved = torch.load(store.path(f"{name}.pt"))
    ranges = batches.ranges(saved["heads"])
    heads = [head for head in label.HEADS if head in ranges]
    kept = torch.cat([torch.arange(*ranges[head]) for head in heads])
    state = dict(saved["net"])
    for part in ("output.weight", "output.bias"):
        state[part] = state[part][kept]
    encoder = network.Encoder(len(state["encoder.word.weight"]), saved["layers"])
    net = network.Tagger(encoder, len(kept)).eval()
    net.load_state_dict(state)
    weights = {name: tensor.numpy() for name, tensor in state.items()}
    sample = _sample({batches.HEADS[head] for head in heads})
    exact = [net(*arrays).detach() for arrays in sample]
    found = matrix_inputs(net, sample)
    tried = []
    for smoothing, share in itertools.product(SMOOTHING, KEPT):
        inputs = {
            name: _inputs(values, weights[f"{name}.weight"], smoothing, share)
            for name, values in found.items()
        }
        fields = {"heads": network.HEADS, "epsilon": network.EPSILON}
        model = graphs.encoder(weights, inputs, layers=saved["layers"], **fields)
        tried.append((_distance(model, sample, exact), smoothing, share, model))
        print("distance {:.5f} with smoothing {}, share {}".format(*tried[-1][:3]), flush=True)
    facts = _facts("open-encoder" if open_ else "accurate", heads)
    if not alone:
        facts = msgspec.structs.replace(facts, companion="fast", share=SHARE)
    return packs.Pack(facts, min(tried)[-1], {})


def student_pack(name: str, *, open_: bool) -> packs.Pack:
    """The student: its word tables and its network."""
    saved = torch.load(store.path(f"{name}.pt"))
    weights = {name: tensor.numpy() for name, tensor in saved["net"].items()}
    width = student.FEATURE_WIDTH + student.PIECE_WIDTH
    model = graphs.student(weights, dilations=student.DILATIONS, width=width, epsilon=1e-5)
    arrays = {}
    for table, values in (
        ("features", weights["features.weight"]),
        ("pieces", saved["pieces"].numpy()),
    ):
        scale = np.maximum(np.abs(values).max(1, keepdims=True), 1e-9) / 127
        arrays[table] = np.round(values / scale).astype(np.int8)
        arrays[f"{table}_scale"] = scale.astype(np.float16)
    facts = _facts("open" if open_ else "fast", saved["heads"])
    facts = msgspec.structs.replace(facts, classes=student.CLASSES[open_])
    return packs.Pack(facts, model, arrays)


def _facts(name: str, heads: Sequence[str]) -> packs.Facts:
    labels = {head: schemes.alphabet(schemes.types(head)) for head in heads}
    return packs.Facts(name, VERSIONS.get(name, 1), labels, dict.fromkeys(heads, 1.0))


def _sample(names: Collection[str]) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """Batches of pieces and lengths of sentences of these corpora."""
    found = [s for s in sentences.read() if s[0] in names]
    chosen = random.Random(1).sample(found, SAMPLE)
    plain = [(corpus, variant, words, ["O"] * len(words)) for corpus, variant, words, _ in chosen]
    windows = batches.windows(plain, batches.pieces(), {corpus: {"O": 0} for corpus in names})
    made = []
    for group in batches.grouped([len(window.ids) for window in windows], 1024):
        ids, lengths, _ = batches.arrays([windows[i] for i in group])
        made.append((torch.from_numpy(ids), torch.from_numpy(lengths)))
    return made


def matrix_inputs(
    net: network.Tagger, sample: list[tuple[torch.Tensor, torch.Tensor]]
) -> dict[str, np.ndarray]:
    """What each matrix was given (pieces, width), less padding."""
    found: dict[str, list[np.ndarray]] = {}
    lengths = torch.zeros(0)

    def hook(name: str) -> Any:
        def keep(module: torch.nn.Module, inputs: tuple[torch.Tensor], output: object) -> None:
            (x,) = inputs
            inside = torch.arange(x.shape[1])[None] < lengths[:, None]
            found.setdefault(name, []).append(x[inside].detach().numpy())

        return keep

    hooks = [
        module.register_forward_hook(hook(name))
        for name, module in net.named_modules()
        if isinstance(module, torch.nn.Linear) and name != "output"
    ]
    with torch.no_grad():
        for ids, lengths in sample:
            net(ids, lengths)
    for handle in hooks:
        handle.remove()
    return {name: np.concatenate(parts) for name, parts in found.items()}


def _inputs(
    values: np.ndarray, weight: np.ndarray, smoothing: float, share: float
) -> graphs.Inputs:
    """The widths of the columns, and the span of nearly all inputs after division by them."""
    widest = np.maximum(np.abs(values).max(0), 1e-5) ** smoothing
    columns = widest / np.maximum(np.abs(weight).max(0), 1e-5) ** (1 - smoothing)
    even = values / columns
    tail = (1 - share) / 2
    low, high = np.quantile(even, [tail, 1 - tail]) if tail else (even.min(), even.max())
    return graphs.Inputs(columns, (min(float(low), 0.0), max(float(high), 1e-6)))


def _distance(
    model: bytes, sample: list[tuple[torch.Tensor, torch.Tensor]], exact: list[torch.Tensor]
) -> float:
    """Mean absolute difference of the outputs from the exact ones."""
    session = networks.open_session(model, device="cpu", threads=2)
    total, count = 0.0, 0
    for (ids, lengths), right in zip(sample, exact, strict=True):
        fields = {"pieces": ids.numpy(), "lengths": lengths.numpy().astype(np.int32)}
        (found,) = session.run(None, fields)
        inside = np.arange(ids.shape[1])[None] < lengths.numpy()[:, None]
        total += float(np.abs(found - right.numpy())[inside].sum())
        count += int(inside.sum()) * found.shape[-1]
    return total / count


def transitions(head: str) -> np.ndarray:
    """What moves between labels add, (labels + 1, labels): how much likelier each label is after
    another, or at the start, than by itself, in logarithms and weighted.
    """
    labels = schemes.alphabet(schemes.types(head))
    counts = np.full((len(labels) + 1, len(labels)), 0.5)
    for corpus, variant, _, names in sentences.read():
        if corpus == batches.HEADS[head] and variant == 0:
            path = [labels.index(name) for name in names]
            counts[0, path[0]] += 1
            np.add.at(counts[1:], (path[:-1], path[1:]), 1)
    after = counts / counts.sum(axis=1, keepdims=True)
    alone = counts[1:].sum(axis=0) / counts[1:].sum()
    return (TRANSITIONS * np.log(after / alone)).astype(np.float32)


def calibrated(pack: packs.Pack) -> tuple[packs.Pack, dict[str, Any]]:
    """The pack with its transitions and temperatures, and each head's figures on its dev set."""
    fields = {"device": "cpu", "threads": 2, "pieces": batches.pieces()}
    nets = [(networks.build(pack, **fields), pack.facts.share)]
    if pack.facts.companion:
        other = packs.unpack(store.path(f"{pack.facts.companion}.pack").read_bytes())
        nets.append((networks.build(other, **fields), 1 - pack.facts.share))
    temperatures, figures, arrays = {}, {}, dict(pack.arrays)
    start = 0
    for head, labels in pack.facts.labels.items():
        marked = corpora.article_sentences(corpora.marked(batches.HEADS[head], "dev"))
        columns = slice(start, start + len(labels))
        start += len(labels)
        found = networks.mixed_outputs(nets, [words for words, _ in marked], columns)
        gold = [set(schemes.spans(names)) for _, names in marked]
        moves = arrays[f"transitions-{head}"] = transitions(head)
        decoders = [Decoder(labels, temperature=t, transitions=moves) for t in TEMPERATURES]
        tried = [
            (*_measured(d(found), gold), t) for d, t in zip(decoders, TEMPERATURES, strict=True)
        ]
        error, f1, temperatures[head] = min(tried)
        figures[head] = {
            "temperature": temperatures[head],
            "expected calibration error": round(error, 4),
            "f1 in tokens": round(f1, 4),
        }
    facts = msgspec.structs.replace(pack.facts, temperatures=temperatures)
    return pack._replace(facts=facts, arrays=arrays), figures


def _measured(
    tagged: list[list[tuple[str, float]]], gold: list[set[schemes.Span]]
) -> tuple[float, float]:
    """Calibration error and F1 of the spans."""
    counted = [
        (schemes.sureness([score for _, score in words[span.start : span.end]]), span in right)
        for words, right in zip(tagged, gold, strict=True)
        for span in schemes.spans([name for name, _ in words])
    ]
    both = len(counted) + sum(map(len, gold))
    return calibration_error(counted), 2 * sum(right for _, right in counted) / both


def _exports(options: argparse.Namespace) -> Iterator[packs.Pack]:
    if options.what in {"student", "both"}:
        yield student_pack(options.student, open_=options.open)
    if options.what in {"encoder", "both"}:
        yield encoder_pack(options.encoder, alone=options.alone, open_=options.open)


def main() -> None:
    """Export what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--what", choices=["encoder", "student", "both"], default="both")
    parser.add_argument("--encoder", default="teacher-1", help="among the checkpoints")
    parser.add_argument("--student", default="student")
    parser.add_argument("--alone", action="store_true", help="the encoder without the student")
    parser.add_argument("--open", action="store_true", help="those without ARMAN and PEYMA")
    parser.add_argument("--publish", action="store_true")
    options = parser.parse_args()
    for made in _exports(options):
        pack, figures = calibrated(made)
        content = packs.write(pack)
        name = pack.facts.name
        store.path(f"{name}.pack").write_bytes(content)
        store.keep_figures(f"export-{name}", {"bytes": len(content), **figures})
        if options.publish:
            models.publish(f"{name}.pack", content, pack.facts.version)
            models.publish(pieces.VOCABULARY, msgspec.json.encode(batches.vocabulary()), 2)


if __name__ == "__main__":
    main()

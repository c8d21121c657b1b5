"""How fast the taggers are: ours, nets of BERT-base's and of stanza's shape, hazm's CRF.

usage: python benchmarks/tagger_speed.py SHARED/data [SENTENCES]

All tag the same sentences of PEYMA's development set in the same run: words a second of processor
time (which others on the machine disturb less than they do a clock's; on two threads it is the
clock's) with a cold cache, pieces and features included; and the seconds from nothing to a first
sentence, in a process of its own, by the clock and of the processor. BERT-base (12 layers of 768,
fp32) has random weights, which cost the same; it is given one piece a word and batches sorted by
length, and no tokenizer is counted. So is a net of the sizes of stanza's entity tagger: two
language models of characters, LSTMs of 1,024, and an LSTM of 256 both ways over words (Akbik et
al. 2018, Qi et al. 2020). hazm's `SequenceTagger` is trained on PEYMA first, for few rounds, as
its speed doesn't hang on them.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "training"))

import numpy as np  # noqa: E402
from graphs import MICROSOFT, Graph  # noqa: E402 (training/ is no package)
from onnx import TensorProto, helper  # noqa: E402

from pnews.entities import features, networks, pieces, tagger, windows  # noqa: E402
from pnews.entities.tagger import MODELS, load  # noqa: E402
from pnews.evaluate import read_table  # noqa: E402

Words = Sequence[str]

LAYERS, WIDTH, INNER, HEADS, PIECES, LABELS = 12, 768, 3072, 12, 8000, 15
CHARACTERS, CHARACTER_WIDTH, LANGUAGE_MODEL = 300, 100, 1024
WORDS, WORD_WIDTH, WORD_LSTM = 10_000, 100, 256
BERT, STANZA, CRF = "BERT-base shape, fp32", "stanza shape, fp32", "hazm SequenceTagger (CRF)"
FEW = 60
"""Sentences that the slow nets are given."""
ROUNDS = 3
CRF_ROUNDS = 30
START = """
import time
began, used = time.perf_counter(), time.process_time()
from pnews.entities.tagger import load
load("news", model={model!r}, threads=1).tag([["تهران", "پایتخت", "ایران", "است", "."]])
print(time.perf_counter() - began, time.process_time() - used)
"""


def ours(model: str, threads: int = 1) -> Callable[[Sequence[Words]], object]:
    """One of our taggers with nothing remembered."""
    for cached in (load, tagger._networks, pieces.shipped_pieces, features.shipped_classes):
        cached.cache_clear()
    return load("news", model=model, threads=threads).tag


def bert_base(threads: int = 1) -> Callable[[Sequence[Words]], object]:
    """A net of BERT-base's shape over one piece a word."""
    session = networks.open_session(_bert_graph(), device="cpu", threads=threads)
    chance = np.random.default_rng(1)

    def tag(sentences: Sequence[Words]) -> None:
        sizes = [min(len(words), 510) + 2 for words in sentences]
        for batch in windows.batches(sizes, limit=1024):
            lengths = np.array([sizes[i] for i in batch], np.int32)
            shape = (len(batch), int(lengths.max()))
            session.run(None, {"pieces": chance.integers(0, PIECES, shape), "lengths": lengths})

    return tag


def _bert_graph() -> bytes:
    graph, chance = Graph(), np.random.default_rng(1)

    def matrix(inputs: int, outputs: int) -> str:
        return graph.weight(chance.normal(0, 0.02, (inputs, outputs)).astype(np.float32))

    def linear(x: str, inputs: int, outputs: int) -> str:
        return graph.node(
            "Add", [graph.node("MatMul", [x, matrix(inputs, outputs)]), zeros[outputs]]
        )

    def norm(found: str, x: str) -> str:
        return graph.node(
            "SkipLayerNormalization", [found, x, ones, zeros[WIDTH]], domain=MICROSOFT
        )

    widths = (LABELS, WIDTH, 3 * WIDTH, INNER)
    zeros = {width: graph.weight(np.zeros(width, np.float32)) for width in widths}
    ones = graph.weight(np.ones(WIDTH, np.float32))
    x = graph.node("Gather", [matrix(PIECES, WIDTH), "pieces"])
    for _ in range(LAYERS):
        qkv = graph.node("Split", [linear(x, WIDTH, 3 * WIDTH)], outputs=3, axis=-1, num_outputs=3)
        attention = [qkv, f"{qkv}:1", f"{qkv}:2", "", "lengths"]
        found = graph.node("MultiHeadAttention", attention, domain=MICROSOFT, num_heads=HEADS)
        x = norm(linear(found, WIDTH, WIDTH), x)
        found = graph.node("Gelu", [linear(x, WIDTH, INNER)], domain=MICROSOFT)
        x = norm(linear(found, INNER, WIDTH), x)
    inputs = [
        helper.make_tensor_value_info("pieces", TensorProto.INT64, ["batch", "length"]),
        helper.make_tensor_value_info("lengths", TensorProto.INT32, ["batch"]),
    ]
    outputs = {"outputs": ["batch", "length", LABELS]}
    return graph.model(inputs, outputs, [linear(x, WIDTH, LABELS)])


def stanza(threads: int = 1) -> Callable[[Sequence[Words]], object]:
    """A net of the shape of stanza's entity tagger over characters and words."""
    session = networks.open_session(_stanza_graph(), device="cpu", threads=threads)
    chance = np.random.default_rng(1)

    def tag(sentences: Sequence[Words]) -> None:
        for batch in windows.batches([len(words) for words in sentences], limit=1024):
            chosen = [sentences[i] for i in batch]
            length = max(sum(len(word) + 1 for word in words) for words in chosen)
            shape = max(map(len, chosen)), len(chosen)
            inputs = {
                "characters": chance.integers(0, CHARACTERS, (length, len(chosen))),
                "words": chance.integers(0, WORDS, shape),
                "ends": chance.integers(0, length * len(chosen), shape),
            }
            session.run(None, inputs)

    return tag


def _stanza_graph() -> bytes:
    graph, chance = Graph(), np.random.default_rng(1)

    def array(*shape: int) -> str:
        return graph.weight(chance.normal(0, 0.02, shape).astype(np.float32))

    def lstm(x: str, inputs: int, hidden: int, direction: str) -> str:
        ways = 2 if direction == "bidirectional" else 1
        weights = [array(ways, 4 * hidden, size) for size in (inputs, hidden)]
        return graph.node("LSTM", [x, *weights], hidden_size=hidden, direction=direction)

    def reshaped(x: str, *shape: int) -> str:
        return graph.node("Reshape", [x, graph.weight(np.array(shape))])

    x = graph.node("Gather", [array(CHARACTERS, CHARACTER_WIDTH), "characters"])
    found = [graph.node("Gather", [array(WORDS, WORD_WIDTH), "words"])]
    for direction in ("forward", "reverse"):
        said = lstm(x, CHARACTER_WIDTH, LANGUAGE_MODEL, direction)
        found.append(graph.node("Gather", [reshaped(said, -1, LANGUAGE_MODEL), "ends"]))
    width = WORD_WIDTH + 2 * LANGUAGE_MODEL
    x = graph.node("MatMul", [graph.node("Concat", found, axis=-1), array(width, width)])
    x = graph.node("Transpose", [lstm(x, width, WORD_LSTM, "bidirectional")], perm=[0, 2, 1, 3])
    x = graph.node("MatMul", [reshaped(x, 0, 0, 2 * WORD_LSTM), array(2 * WORD_LSTM, LABELS)])
    shapes = {
        "characters": ["length", "batch"], "words": ["words", "batch"], "ends": ["words", "batch"],
    }  # fmt: skip
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, shape)
        for name, shape in shapes.items()
    ]
    return graph.model(inputs, {"outputs": ["words", "batch", LABELS]}, [x])


def hazm_crf(
    train: Iterable[tuple[list[str], list[str]]], rounds: int = CRF_ROUNDS
) -> Callable[[Sequence[Words]], list[list[tuple[str, str]]]]:
    """Hazm's tagger with its own features, learnt from PEYMA."""
    from hazm import SequenceTagger

    crf = SequenceTagger()
    tagged = [list(zip(words, labels, strict=True)) for words, labels in train]
    with tempfile.TemporaryDirectory() as folder:
        target = str(Path(folder) / "crf.model")
        crf.train(tagged, max_iteration=rounds, verbose=False, file_name=target)
    return crf.tag_sents  # type: ignore[no-any-return]


def rates(
    sentences: Sequence[Words],
    crf: Callable[[Sequence[Words]], object] | None,
    *,
    threads: int = 1,
) -> dict[str, float]:
    """Words a second of each tagger, the median of rounds in turns; `crf` knows one thread."""
    few = sentences[:: max(1, len(sentences) // FEW)]
    nets = {BERT: bert_base(threads), STANZA: stanza(threads)}
    found: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        for name in MODELS:
            tag = ours(name, threads)
            tag([["سلام"]])
            found.setdefault(f"pnews {name}", []).append(rate(tag, sentences, threads))
        for name, net in nets.items():
            found.setdefault(name, []).append(rate(net, few, threads))
        if crf:
            found.setdefault(CRF, []).append(rate(crf, sentences, threads))
    return {name: median(each) for name, each in found.items()}


def main(data: Path, most: int) -> None:
    """Measure in turns and print."""
    sentences = [words for words, _ in read_table(data / "ner/peyma-dev.tsv")][:most]
    found = rates(sentences, hazm_crf(read_table(data / "ner/peyma-train.tsv")))
    for name, words in found.items():
        print(f"{name:<28}{words:>9,.0f} words/s   {words / found[BERT]:6.1f} times BERT-base")
    for name in MODELS:
        clock, used = first_sentence(name)
        print(f"pnews {name}: {clock:.3f} s from import to first sentence, processor {used:.3f} s")


def rate(
    tag: Callable[[Sequence[Words]], object], sentences: Sequence[Words], threads: int
) -> float:
    """Words a second of one call."""
    clock = time.process_time if threads == 1 else time.perf_counter
    return sum(map(len, sentences)) / seconds(tag, sentences, clock)


def seconds(
    tag: Callable[[Sequence[Words]], object],
    sentences: Sequence[Words],
    clock: Callable[[], float] = time.process_time,
) -> float:
    """Processor time of one call, or by another clock."""
    began = clock()
    tag(sentences)
    return clock() - began


def first_sentence(model: str) -> tuple[float, float]:
    """By the clock and of the processor; medians of five processes."""
    command = [sys.executable, "-c", START.format(model=model)]
    runs = [subprocess.run(command, capture_output=True, check=True) for _ in range(5)]
    clock, used = zip(*([float(part) for part in run.stdout.split()] for run in runs), strict=True)
    return median(clock), median(used)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if sys.argv[2:] else 925)

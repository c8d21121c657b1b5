"""How well dates, amounts, names, quotations and speakers of gold articles are understood.

    python benchmarks/understanding.py ../shared/data/gold-dev [--missed] [--gold-names] [--floors]

Spans are strict. A date's value is right if it is gold's to the letter; those without a value in
gold don't count. A quotation is right if it overlaps gold's by 0.8 (intersection over union); only
direct ones are in gold. A speaker is right if gold's name, or one that gold's clusters join with
it, is among the cluster's mentions; where gold has no speaker there must be none. Links are those
of `resolve_gold.py`, from gold's own mentions. `--gold-names` puts gold's names and dates in the
tagger's place, which the shipped tagger has learnt from gold-train. `--floors` fails (status 1)
below `benchmarks/floors.json`.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import floors
import msgspec
from resolve_gold import compare, gold_documents

from pnews.document import Document, Entity
from pnews.entities.values import with_values
from pnews.evaluate import Placed, Score, read_articles, score
from pnews.pipeline import Pipeline
from pnews.resolve import stage
from pnews.resolve.keys import name_key

PREFIX = "understanding."
OVERLAP = 0.8
TYPES = ("DATE", "TIME", "MONEY", "PERCENT")

Gold = dict[str, Any]


def understood(folder: Path, *, gold_names: bool) -> Iterator[tuple[Gold, Document]]:
    """Each article's gold and what the chain makes of it."""
    articles = read_articles(folder)
    golds = [
        json.loads((folder / article.id).with_suffix(".json").read_text(encoding="utf-8"))
        for article in articles
    ]
    documents: Iterable[Document] = (article.document() for article in articles)
    if gold_names:
        tokenized = Pipeline(last="tokenize")(documents)
        documents = (
            with_gold_entities(document, gold)
            for document, gold in zip(tokenized, golds, strict=True)
        )
    yield from zip(golds, Pipeline()(documents), strict=True)


def with_gold_entities(document: Document, gold: Gold) -> Document:
    """The document with gold's marks as entities, their values told by the grammar."""
    aligned = document.aligned
    spans = [aligned.source_span(at, at + 1) for at in range(len(aligned.text))]
    entities = []
    for mark in sorted(gold["entities"], key=lambda mark: (mark["start"], mark["end"])):
        inside = [at for at, (s, e) in enumerate(spans) if s < mark["end"] and mark["start"] < e]
        if inside:
            start, end = inside[0], inside[-1] + 1
            entities.append(
                Entity(
                    f"e{len(entities) + 1}", mark["type"], mark["text"], aligned.text[start:end],
                    mark["start"], mark["end"], start, end, 1.0,
                )
            )  # fmt: skip
    valued = with_values(document, entities, add=False)
    return msgspec.structs.replace(document, entities=tuple(valued))


class Tally:
    """Counts over the articles of a folder, and what was missed."""

    def __init__(self) -> None:
        self.count: Counter[str] = Counter()
        self.gold: set[Placed] = set()
        self.found: set[Placed] = set()
        self.missed: list[str] = []

    def add(self, gold: Gold, document: Document) -> None:
        """Count one article."""
        self.spans(gold, document)
        self.values(gold, document)
        self.quotations(gold, document)

    def spans(self, gold: Gold, document: Document) -> None:
        """Spans of dates, times, money and percentages."""
        self.gold |= {
            Placed(document.id, mark["start"], mark["end"], mark["type"])
            for mark in gold["entities"]
        }
        self.found |= {
            Placed(document.id, entity.start, entity.end, entity.type)
            for entity in document.entities
        }

    def values(self, gold: Gold, document: Document) -> None:
        """Values of the dates and times that gold gives one."""
        ours = {(e.start, e.end, e.type): e.value for e in document.entities}
        for mark in gold["entities"]:
            if mark["type"] in ("DATE", "TIME") and mark.get("value"):
                key = mark["start"], mark["end"], mark["type"]
                name = mark["type"].lower()
                self.count[f"{name} values"] += 1
                self.count[f"{name} values, span found"] += key in ours
                self.count[f"{name} values right"] += ours.get(key) == mark["value"]
                if key in ours and ours[key] != mark["value"]:
                    self.miss(
                        "value", document, f"{mark['text']}: {mark['value']}, not {ours[key]}"
                    )

    def quotations(self, gold: Gold, document: Document) -> None:
        """Direct quotations, and who says them."""
        ours = [q for q in document.quotations if q.kind == "direct"]
        surfaces = {e.id: name_key(e.text) for e in document.entities}
        said_by = {c.id: {surfaces[m] for m in c.mentions} for c in document.clusters}
        groups = [{name_key(name) for name in names} for names in gold["clusters"]]
        self.count["quotations gold"] += len(gold["quotations"])
        self.count["quotations found"] += len(ours)
        for mark in gold["quotations"]:
            one = max(ours, key=lambda q: overlap(q.start, q.end, mark), default=None)
            if one is None or overlap(one.start, one.end, mark) < OVERLAP:
                self.miss("quotation", document, mark["text"][:60])
                continue
            self.count["quotations right"] += 1
            meant = names_of(mark["speaker"], groups)
            mine = said_by.get(one.speaker or "", set())
            right = bool(meant & mine) if meant else one.speaker is None
            self.count["speakers right"] += right
            if not right:
                self.miss("speaker", document, f"{mark['speaker']}, not {sorted(mine)}")

    def miss(self, what: str, document: Document, text: str) -> None:
        """Note what was missed, for reading."""
        self.missed.append(f"{document.id}\t{what}\t{text}".replace("\n", " "))

    def figures(self) -> dict[str, float]:
        """The figures, each from 0 to 1."""
        count = self.count
        scores = score(self.gold, self.found, types=TYPES)
        quotations = Score(
            count["quotations gold"], count["quotations found"], count["quotations right"]
        )
        return {
            **{f"{type_.lower()}_f1": scores[type_].f1 for type_ in TYPES},
            "date_values": share(count["date values right"], count["date values, span found"]),
            "date_values_of_all": share(count["date values right"], count["date values"]),
            "time_values": share(count["time values right"], count["time values, span found"]),
            "quotation_f1": quotations.f1,
            "speakers": share(count["speakers right"], count["quotations right"]),
            "speakers_of_all": share(count["speakers right"], count["quotations gold"]),
        }


def names_of(speaker: str | None, groups: Sequence[set[str]]) -> set[str]:
    """The keys of a gold speaker and of the names that gold joins with it."""
    if not speaker:
        return set()
    key = name_key(speaker)
    return {key}.union(*(group for group in groups if key in group))


def overlap(start: int, end: int, mark: Gold) -> float:
    """Intersection over union of two spans."""
    shared = min(end, mark["end"]) - max(start, mark["start"])
    return max(0, shared) / (max(end, mark["end"]) - min(start, mark["start"]))


def share(part: int, whole: int) -> float:
    """A share; 1 of nothing."""
    return part / whole if whole else 1.0


def links(folder: Path) -> dict[str, float]:
    """The share of gold's alias links found, and joins of what gold keeps apart."""
    golds, documents = zip(*gold_documents(folder), strict=True)
    total: Counter[str] = Counter()
    for gold, document in zip(golds, stage()(documents), strict=True):
        total += compare(gold, document)[0]
    found = total["links"] - total["missed"]
    return {"links": share(found, total["links"]), "bad_joins": float(total["bad"])}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--missed", action="store_true", help="print what was missed")
    parser.add_argument("--gold-names", action="store_true", help="gold's marks, not the tagger's")
    parser.add_argument("--floors", action="store_true", help="fail below floors.json")
    options = parser.parse_args()
    tally = Tally()
    for gold, document in understood(options.folder, gold_names=options.gold_names):
        tally.add(gold, document)
    figures = {**tally.figures(), **links(options.folder)}
    for line in tally.missed if options.missed else ():
        print(line)
    for name, value in figures.items():
        print(f"{name:20} {value:.4f}")
    print(dict(tally.count))
    if options.floors:
        files = sorted(
            path for path in options.folder.iterdir() if path.suffix in (".json", ".txt")
        )
        floors.end(floors.below(PREFIX, figures, floors.checksum(files)))


if __name__ == "__main__":
    main()

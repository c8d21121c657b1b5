"""How well `resolve` groups the gold mentions of gold articles.

    python benchmarks/resolve_gold.py ../shared/data/gold-dev [--missed] [--joins] [--ids]

The gold entities are given to the resolver as they are, so only grouping is measured. A gold
cluster lists names that belong together; each pair of its names is a *link*, found when both
names are in one cluster. A *join* is a pair of differently written names in one cluster of ours:
it is good if gold has it, bad if gold has the two names in two clusters, else open (gold lists
only what its annotators noticed). `--joins` prints the bad and the open ones of persons for
reading by eye, `--ids` what was found in the knowledge base.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

import msgspec

from pnews.document import Document, Entity, new_document
from pnews.resolve import stage
from pnews.resolve.keys import name_key

Pair = tuple[str, str]


def gold_documents(folder: Path) -> Iterator[tuple[dict[str, Any], Document]]:
    """Each gold record and its document with the gold entities, spans of the text as read."""
    for path in sorted(folder.glob("*.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        text = path.with_suffix(".txt").read_text(encoding="utf-8")
        entities = tuple(
            Entity(
                id=f"e{number}",
                type=mark["type"],
                text=mark["text"],
                normalized=mark["text"],
                start=mark["start"],
                end=mark["end"],
                norm_start=mark["start"],
                norm_end=mark["end"],
                score=1.0,
            )
            for number, mark in enumerate(gold["entities"], 1)
        )
        document = new_document(text, id=path.name)
        yield gold, msgspec.structs.replace(document, normalized=text, edits=(), entities=entities)


def our_groups(document: Document) -> list[set[str]]:
    """The surfaces of each cluster."""
    groups: defaultdict[str, set[str]] = defaultdict(set)
    for entity in document.entities:
        if entity.cluster:
            groups[entity.cluster].add(entity.text)
    return list(groups.values())


def pairs(group: set[str]) -> set[Pair]:
    """All unordered pairs."""
    return set(combinations(sorted(group), 2))


def compare(gold: dict[str, Any], document: Document) -> tuple[Counter[str], dict[str, set[Pair]]]:
    """Counts of links and joins, and the pairs behind them, of one document."""
    surfaces = {entity.text for entity in document.entities}
    clusters = [{name for name in names if name in surfaces} for names in gold["clusters"]]
    home = {name: number for number, names in enumerate(clusters) for name in names}
    links = set().union(*map(pairs, clusters))
    joins = set().union(*map(pairs, our_groups(document)))
    unlike = {pair for pair in joins - links if name_key(pair[0]) != name_key(pair[1])}
    bad = {(one, two) for one, two in unlike if one in home and two in home}
    found = {"links": links, "missed": links - joins, "bad": bad, "open": unlike - bad}
    counts = Counter({kind: len(found[kind]) for kind in found})
    counts["whole"] = sum(pairs(names) <= joins for names in clusters if len(names) > 1)
    counts["clusters"] = sum(len(names) > 1 for names in clusters)
    return counts, found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--missed", action="store_true", help="print the links not found")
    parser.add_argument("--joins", action="store_true", help="print joins that gold lacks")
    parser.add_argument("--ids", action="store_true", help="print names found in the KB")
    options = parser.parse_args()
    golds, documents = zip(*gold_documents(options.folder), strict=True)
    shown = {"missed"} if options.missed else set()
    shown |= {"bad", "open"} if options.joins else set()
    total: Counter[str] = Counter()
    by_type: defaultdict[str, Counter[str]] = defaultdict(Counter)
    known: Counter[Pair] = Counter()
    for gold, document in zip(golds, stage()(documents), strict=True):
        counts, found = compare(gold, document)
        total += counts
        types = {entity.text: entity.type for entity in document.entities}
        for kind, some in found.items():
            by_type_counts(by_type, kind, some, types)
            for one, two in sorted(some) if kind in shown else ():
                print(document.id, types[one], kind, one, "=", two, sep="\t")
        known.update(known_names(document))
    for (meaning, text), count in sorted(known.items()) if options.ids else ():
        print(count, meaning, text, sep="\t")
    for type_, type_counts in sorted(by_type.items()):
        print(f"{type_:8}", report(type_counts))
    whole = f"clusters whole: {total['whole']}/{total['clusters']}"
    print(f"{'all':8}", report(total), whole)


def by_type_counts(
    by_type: defaultdict[str, Counter[str]], kind: str, some: set[Pair], types: Mapping[str, str]
) -> None:
    """Add the pairs of one kind to the counts of their types (in place)."""
    for one, _ in some:
        by_type[types[one]][kind] += 1


def known_names(document: Document) -> Iterator[Pair]:
    """Type and English name, and the surface, of each mention found in the knowledge base."""
    texts = {entity.id: entity.text for entity in document.entities}
    for cluster in document.clusters:
        if cluster.name_en:
            for mention in cluster.mentions:
                yield f"{cluster.type} {cluster.name_en}", texts[mention]


def report(counts: Counter[str]) -> str:
    """One line of figures."""
    found = counts["links"] - counts["missed"]
    share = found / counts["links"] if counts["links"] else 1.0
    joins = f"joins bad {counts['bad']}, open {counts['open']}"
    return f"links {found}/{counts['links']} = {share:.3f}  {joins}"


if __name__ == "__main__":
    main()

"""What understanding costs beside the tagger: CPU seconds a stage over gold articles.

    python benchmarks/understanding_cost.py ../shared/data/gold-dev [--repeat 10]

Values are timed inside the entities stage, the tagger alone on the same tokens; resolve and
article as stages. One process, tables warm, CPU time of this process.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from time import process_time

from pnews.article import stage as article
from pnews.entities.tagger import load
from pnews.entities.values import with_values
from pnews.evaluate import read_articles
from pnews.pipeline import Pipeline
from pnews.resolve import stage as resolve


def seconds(work: Callable[[], object], repeat: int) -> float:
    """CPU seconds of one run, the least of several."""
    work()
    spent = []
    for _ in range(repeat):
        start = process_time()
        work()
        spent.append(process_time() - start)
    return min(spent)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--repeat", type=int, default=10)
    options = parser.parse_args()
    articles = [article_.document() for article_ in read_articles(options.folder)]
    tokenized = list(Pipeline(last="tokenize")(articles))
    tagged = list(Pipeline(last="entities")(tokenized))
    resolved = list(resolve()(tagged))
    tagger = load("news")
    words = [[[t.text for t in s.tokens] for s in d.sentences] for d in tokenized]
    parts: dict[str, Callable[[], object]] = {
        "tagger": lambda: [tagger.tag(sentences) for sentences in words],
        "values": lambda: [with_values(d, list(d.entities), add=True) for d in tagged],
        "resolve": lambda: list(resolve()(tagged)),
        "article": lambda: list(article()(resolved)),
    }
    spent = {name: seconds(work, options.repeat) for name, work in parts.items()}
    for name, taken in spent.items():
        each = 1000 * taken / len(articles)
        print(f"{name:8} {each:8.2f} ms an article  {100 * taken / spent['tagger']:6.1f} %")
    rest = sum(taken for name, taken in spent.items() if name != "tagger")
    print(f"all but the tagger: {100 * rest / spent['tagger']:.1f} % of it ({tagger.name})")


if __name__ == "__main__":
    main()

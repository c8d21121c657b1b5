"""How many documents one core annotates, and what their JSON weighs: the figures of docs/scale.md.

    python benchmarks/documents_per_second.py ../shared/data/news/*.jsonl.gz [--limit 1000]

The whole chain in one process on one core, models warm. CPU seconds, not those of the clock, so
that whoever else works on the machine doesn't count. Two samples: every nth article as it is, and
every nth of those of about 1 KB (512 to 1,536 bytes of UTF-8).
"""

from __future__ import annotations

import argparse
import gzip
import os
from itertools import chain
from time import process_time

import msgspec
from offsets import documents

from pnews import Document, Pipeline


def sample(items: list[Document], limit: int) -> list[Document]:
    return items[:: max(1, len(items) // limit)][:limit]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("news", nargs="+")
    parser.add_argument("--limit", type=int, default=1000, help="articles of each sample")
    given = parser.parse_args()
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    every = list(chain.from_iterable(map(documents, given.news)))
    short = [document for document in every if 512 <= len(document.text.encode()) < 1536]
    pipeline = Pipeline()
    pipeline.annotate("جو بایدن روز سه\u200cشنبه به باکو رفت.", date="2023-09-05")
    for name, articles in {"about 1 KB": short, "all": every}.items():
        chosen = sample(articles, given.limit)
        start = process_time()
        lines = [msgspec.json.encode(document) for document in pipeline(chosen)]
        spent = process_time() - start
        size = sum(len(document.text.encode()) for document in chosen)
        print(
            f"{name:10} {len(chosen):6} articles of {size / len(chosen):6.0f} bytes: "
            f"{len(chosen) / spent:6.1f} documents/s, {size / spent / 1000:6.1f} KB/s, "
            f"JSON {sum(map(len, lines)) / size:4.1f} times the text, "
            f"gzipped {len(gzip.compress(b''.join(lines), 6)) / size:4.2f}"
        )


if __name__ == "__main__":
    main()

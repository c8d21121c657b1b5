"""Make data/half-spaces.tsv: the commonest half-spaced spelling of each word.

    python training/train_half_spaces.py

Counts the spellings of each word (its letters without half-spaces) in the edited lines of
`$PNEWS_SHARED/data/halfspace/train-*.txt`, weight 1, and in the news of `data/news`, weight 0.1.
A word goes in if its commonest spelling has a half-space and its weight is 0.3 or more.
"""

from __future__ import annotations

import gzip
import json
import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
CORPORA = Path(os.environ.get("PNEWS_SHARED", ROOT.parent / "shared")) / "data"
NEWS = ("fars", "hamshahri", "khabaryaab", "varzesh3")
FOLD = str.maketrans("يىكأإٱؤئةۀ", "ییکاااویهه")
MARKS = re.compile("[\u064b-\u065f\u0670\u0640\u200d\u200e\u200f\u202a-\u202e\ufeff]")
WORD = re.compile("[\u0621-\u063a\u0641-\u064a\u0671-\u06d3\u06d5\u200c]+")
STRAY = re.compile("([^\u0621-\u06d5])\u200c|\u200c(?=[^\u0621-\u06d5]|$)")
LEAST = 0.3


def folded(line: str) -> str:
    """The line without marks, with one half-space where one can show."""
    line = MARKS.sub("", line.translate(FOLD)).replace("\u00a0", " ")
    line = STRAY.sub(r"\1", re.sub("\u200c+", "\u200c", line))
    return re.sub("([اآدذرزژوء])\u200c", r"\1", line)


def lines() -> Iterator[tuple[float, str]]:
    """Each line with its weight."""
    for path in sorted((CORPORA / "halfspace").glob("train-*.txt")):
        for line in path.read_text(encoding="utf-8").split("\n"):
            yield 1.0, folded(line)
    for name in NEWS:
        with gzip.open(CORPORA / "news" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as records:
            for record in records:
                for value in json.loads(record).values():
                    for line in value.split("\n") if isinstance(value, str) else ():
                        yield 0.1, folded(line)


def main() -> None:
    """Count and write."""
    spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for weight, line in lines():
        for word in WORD.findall(line):
            spellings[word.replace("\u200c", "")][word] += weight
    rows = []
    for letters, counts in spellings.items():
        commonest = counts.most_common(1)[0][0]
        if "\u200c" in commonest and counts.total() >= LEAST:
            rows.append((counts.total(), letters, commonest))
    target = ROOT / "src" / "pnews" / "data" / "half-spaces.tsv"
    target.write_text(
        "".join(f"{letters}\t{spelling}\n" for _, letters, spelling in sorted(rows, reverse=True)),
        encoding="utf-8",
    )
    print(f"{target}: {len(rows)} words")


if __name__ == "__main__":
    main()

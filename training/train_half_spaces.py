"""Make data/half-spaces.tsv: the commonest half-spaced spelling of each word.

    python training/train_half_spaces.py

Counts the spellings of each word (its letters without half-spaces) in the edited lines of
`$PNEWS_SHARED/data/halfspace/train-*.txt`, weight 1, and in the news of `data/news`, weight 0.1.
Three kinds of rows: words whose commonest spelling has a half-space; pairs of words that are
half-spaced far more often than spaced (where that is in doubt, the space that stands is kept);
and common words that have none, which the rules for endings look up.
"""

from __future__ import annotations

import gzip
import json
import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).parent.parent
CORPORA = Path(os.environ.get("PNEWS_SHARED", ROOT.parent / "shared")) / "data"
NEWS = ("fars", "hamshahri", "khabaryaab", "varzesh3")
FOLD = str.maketrans("يىكأإٱؤئةۀ", "ییکاااویهه")
MARKS = re.compile("[\u064b-\u065f\u0670\u0640\u200d\u200e\u200f\u202a-\u202e\ufeff]")
WORD = re.compile("[\u0621-\u063a\u0641-\u064a\u0671-\u06d3\u06d5\u200c]+")
STRAY = re.compile("([^\u0621-\u06d5])\u200c|\u200c(?=[^\u0621-\u06d5]|$)")
LEAST = 0.3  # weight of a word with a half-space
LEAST_PLAIN = 0.5
LEAST_PAIR, RATIO = 0.75, 8
SURNAME_ENDINGS = {"اف", "زاده", "پور", "نژاد"}  # no words of their own: half-spaced once is enough
LEAST_SURNAME, SURNAME_RATIO = 0.25, 1


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


def count() -> tuple[dict[str, Counter[str]], dict[tuple[str, str], list[float]]]:
    """Letters -> spellings, and pair of words -> weight half-spaced and spaced."""
    spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)
    pairs: defaultdict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for weight, line in lines():
        found = list(WORD.finditer(line))
        for match in found:
            word = match.group()
            spellings[word.replace("\u200c", "")][word] += weight
            for pair in pairwise(word.split("\u200c")):
                pairs[pair][0] += weight
        for one, two in pairwise(found):
            if line[one.end() : two.start()] == " ":
                pairs[one.group(), two.group()][1] += weight
    return spellings, pairs


def rows() -> Iterator[tuple[int, float, str, str]]:
    """Kind, minus the weight, what is written, what is meant."""
    spellings, pairs = count()
    for letters, counts in spellings.items():
        commonest, weight = counts.most_common(1)[0][0], counts.total()
        if "\u200c" in commonest and weight >= LEAST:
            yield 0, -weight, letters, commonest
        elif "\u200c" not in commonest and weight >= LEAST_PLAIN:
            yield 2, -weight, letters, letters
    for (one, two), (half_spaced, spaced) in pairs.items():
        surname = two in SURNAME_ENDINGS
        least, ratio = (LEAST_SURNAME, SURNAME_RATIO) if surname else (LEAST_PAIR, RATIO)
        if half_spaced >= least and half_spaced > spaced * ratio:
            yield 1, -half_spaced, f"{one} {two}", f"{one}\u200c{two}"


def main() -> None:
    """Count and write."""
    target = ROOT / "src" / "pnews" / "data" / "half-spaces.tsv"
    written = "".join(f"{found}\t{meant}\n" for _, _, found, meant in sorted(rows()))
    target.write_text(written, encoding="utf-8")
    print(f"{target}: {written.count(chr(10))} rows")


if __name__ == "__main__":
    main()

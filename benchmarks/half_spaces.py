"""Half-space repair of pnews and its peers, on gold lines damaged in known ways; then speed.

    python benchmarks/half_spaces.py [--peers PYTHON] [--news NEWS.jsonl.gz] [--keep] GOLD.txt...

Each gold line loses its half-spaces: `removed`, made a `space`, or `mixed` (removed, made a space
or kept, a third each, from a fixed seed); `untouched` lines show what repair breaks. A normaliser
reads and writes lines. Counted are the gaps between letters: joined, half-spaced or spaced; F1 is
that of half-spaced gaps. In a line whose letters changed all half-spaces count as missed.

Each system is a command, run as a whole process; `PYTHON` has the peers installed. Speed is
characters a second over a whole process, less what the process takes for one line.
"""

from __future__ import annotations

import argparse
import datetime
import gzip
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import floors

ZWNJ = "\u200c"
DAMAGE = ("removed", "space", "mixed", "untouched")
FOLD = str.maketrans("يىئكأإآؤةۀٱ", "یییکاااوهها")
JOINED, HALF_SPACED, SPACED = range(3)
PEERS = ("hazm", "parsivar", "shekar", "rishe")
WORD = re.compile(rf"\w[\w{ZWNJ}]*")
GAP = re.compile(rf"(\w+)([ {ZWNJ}])(?=(\w+))")
HERE = Path(__file__).parent
OWN = {
    "pnews": ("--half-spaces", "aggressive"),
    "pnews safe": ("--half-spaces", "safe"),
    "pnews, half-spaces alone": ("--characters", "keep"),
}
SLACK = 0.002
"""How far below the measured figure its floor is set."""


class Score(NamedTuple):
    """Of half-spaced gaps; `letters` counts lines whose letters changed."""

    precision: float
    recall: float
    letters: int

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def damaged(line: str, damage: str, chance: random.Random) -> str:
    """The line with its half-spaces lost in one way."""
    if damage == "mixed":
        return "".join(chance.choice(("", " ", ZWNJ)) if c == ZWNJ else c for c in line)
    return line.replace(ZWNJ, {"removed": "", "space": " ", "untouched": ZWNJ}[damage])


def gaps(line: str) -> tuple[str, list[int]]:
    """The letters of a line, folded, and the kind of gap behind each but the last."""
    letters: list[str] = []
    kinds: list[int] = []
    for char in line:
        if char.isalpha():
            letters.append(char.translate(FOLD))
            kinds.append(JOINED)
        elif kinds and not unicodedata.category(char).startswith("M"):
            kinds[-1] = max(kinds[-1], HALF_SPACED if char == ZWNJ else SPACED)
    return "".join(letters), kinds[:-1]


def score(gold: Iterable[str], repaired: Iterable[str]) -> Score:
    """Precision and recall of the half-spaced gaps."""
    right = made = wanted = letters = 0
    for want, got in zip(gold, repaired, strict=True):
        (want_letters, want_gaps), (got_letters, got_gaps) = gaps(want), gaps(got)
        wanted += want_gaps.count(HALF_SPACED)
        made += got_gaps.count(HALF_SPACED)
        if want_letters != got_letters:
            letters += 1
        else:
            pairs = zip(want_gaps, got_gaps, strict=True)
            right += sum(one == other == HALF_SPACED for one, other in pairs)
    return Score(right / made if made else 1.0, right / wanted if wanted else 1.0, letters)


def by_majority(gold: Sequence[str]) -> dict[str, Score]:
    """The score of spelling each word, or each two words with a space between, always as the gold
    mostly does: where its editors disagree, nothing that looks at words alone does better.
    """
    words = Counter(word for line in gold for word in WORD.findall(line))
    spelt = {word.replace(ZWNJ, ""): word for word, _ in reversed(words.most_common())}
    gaps = Counter(match.groups() for line in gold for match in GAP.finditer(line))
    between = {(one, two): gap for (one, gap, two), _ in reversed(gaps.most_common())}
    removed = [WORD.sub(lambda m: spelt[m.group().replace(ZWNJ, "")], line) for line in gold]
    space = [GAP.sub(lambda m: m[1] + between[m[1], m[3]], line) for line in gold]
    return {"removed": score(gold, removed), "space": score(gold, space)}


def run(command: Sequence[str], text: str) -> str:
    """What a line-to-line command writes."""
    return subprocess.run(
        command, input=text.encode(), stdout=subprocess.PIPE, check=True
    ).stdout.decode()


def repaired(command: Sequence[str], lines: Sequence[str]) -> list[str]:
    found = run(command, "".join(f"{line}\n" for line in lines)).split("\n")[:-1]
    if len(found) != len(lines):
        raise SystemExit(f"{command}: {len(lines)} lines in, {len(found)} out")
    return found


def scores(command: Sequence[str], gold: Sequence[str]) -> dict[str, Score]:
    found = {}
    for damage in DAMAGE:
        chance = random.Random(0)
        lines = [damaged(line, damage, chance) for line in gold]
        found[damage] = score(gold, repaired(command, lines))
    return found


def commands(peers: str | None) -> dict[str, list[str]]:
    """Name -> command of each system."""
    pnews = [sys.executable, "-c", "from pnews.cli import main; main()"]
    found = {
        name: [*pnews, "normalize", "--format", "text", *options] for name, options in OWN.items()
    }
    for peer in PEERS if peers else ():
        found[peer] = [peers or "", str(HERE / "peers.py"), peer]
    return found


def versions(peers: str | None) -> str:
    from pnews.version import __version__

    found = f"pnews {__version__}"
    if peers:
        found += ", " + run([peers, str(HERE / "peers.py"), "versions"], "").strip()
    return found


def report_speed(news: Path, peers: str | None) -> None:
    """Print characters a second and peak memory of each system over all texts of a news file.

    Slow peers get the first texts only.
    """
    with gzip.open(news, "rt", encoding="utf-8") as records:
        texts = [json.loads(record)["text"] for record in records]
    print("\n| system | characters | characters/s | start, s | peak memory, MB |")
    print("|---|---|---|---|---|")
    for name, command in commands(peers).items():
        text = "\n".join(texts if name in (*OWN, *QUICK) else texts[:SHORTER])
        start, _ = timed(command, text[: text.index("\n") + 1])
        took, memory = timed(command, text)
        rate = len(text) / (took - start)
        print(f"| {name} | {len(text):,} | {rate:,.0f} | {start:.2f} | {memory} |", flush=True)


SHORTER = 200
QUICK = ("hazm", "rishe")
"""Peers that get all texts."""


def timed(command: Sequence[str], text: str) -> tuple[float, int]:
    """Seconds and peak memory in MB of a whole process."""
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as sink:
        source.write(text.encode())
        source.seek(0)
        began = time.perf_counter()
        process = subprocess.Popen(command, stdin=source, stdout=sink)
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            raise SystemExit(f"{command} ended with {status}")
        return time.perf_counter() - began, usage.ru_maxrss // 1024


def report(files: Sequence[Path], peers: str | None) -> dict[str, dict[str, float]]:
    """Print the table; the figures of pnews on each set, for the floors."""
    print(f"{datetime.date.today()}, {versions(peers)}\n")
    print("| set | system | " + " | ".join(f"{damage} F1 (P, R)" for damage in DAMAGE) + " |")
    print("|---|---|" + "---|" * len(DAMAGE))
    kept: dict[str, dict[str, float]] = {path.stem: {} for path in files}
    for path in files:
        gold = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
        for name, command in commands(peers).items():
            found = scores(command, gold)
            print_row(path.stem, name, found)
            for damage, each in found.items():
                if name == "pnews":
                    kept[path.stem][f"{damage}.f1"] = each.f1
                elif name == "pnews safe":
                    kept[path.stem][f"{damage}.safe-precision"] = each.precision
        print_row(path.stem, "the gold's own majority", by_majority(gold))
    return kept


def print_row(stem: str, name: str, found: Mapping[str, Score]) -> None:
    cells = (
        f"{s.f1:.3f} ({s.precision:.3f}, {s.recall:.3f})" if (s := found.get(damage)) else ""
        for damage in DAMAGE
    )
    print(f"| {stem} | {name} | {' | '.join(cells)} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="+", type=Path, metavar="GOLD.txt")
    parser.add_argument("--peers", metavar="PYTHON", help="a Python that has the peers")
    parser.add_argument("--news", type=Path, metavar="NEWS.jsonl.gz", help="time all on its texts")
    parser.add_argument("--keep", action="store_true", help="make the figures the floors")
    given = parser.parse_args()
    found = report(given.files, given.peers)
    if given.news:
        report_speed(given.news, given.peers)
    for path in given.files:
        prefix, sha256 = f"half-spaces.{path.stem}.", floors.checksum([path])
        if given.keep:
            floors.keep(prefix, found[path.stem], SLACK, path.name, sha256)
    if not given.keep:
        floors.end(
            line
            for path in given.files
            for line in floors.below(
                f"half-spaces.{path.stem}.", found[path.stem], floors.checksum([path])
            )
        )


if __name__ == "__main__":
    main()

"""`pnews batch` over many articles, killed again and again, against an unbroken run.

usage: python benchmarks/batch_soak.py FOLDER_OF_NEWS [--documents 20000] [--seed 1] [--mean 20]
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory

from batch_runs import run, started, workers, written


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("news", type=Path)
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mean", type=float, default=20, help="seconds between two kills")
    given = parser.parse_args()
    with TemporaryDirectory() as name:
        folder = Path(name)
        dump = written(given.news, folder / "news.jsonl.gz", given.documents)
        usage = run([dump, "-o", folder / "unbroken.jsonl"])
        print(
            f"unbroken: {given.documents:,} documents, {given.documents / usage.wall:.1f} a second;"
            f" at most {usage.parent:.0f} MiB the parent, {usage.worker:.0f} MiB a worker",
            flush=True,
        )
        chance = random.Random(given.seed)
        output = folder / "killed.jsonl"
        begun = time.monotonic()
        batches = lost = 0
        while not output.exists():
            killed, workers_killed = _killed(dump, output, chance, given.mean)
            batches, lost = batches + killed, lost + workers_killed
        same = _digest(output) == _digest(folder / "unbroken.jsonl")
        print(
            f"killed: the batch {batches} times, workers {lost} times, in "
            f"{time.monotonic() - begun:.0f} s (unbroken {usage.wall:.0f} s); same bytes: {same}"
        )
    sys.exit(0 if same else 1)


def _killed(dump: Path, output: Path, chance: random.Random, mean: float) -> tuple[int, int]:
    """One process, until it ends or is killed; whether it was, and how many of its workers were.

    One worker at most: a document whose worker is killed twice has failed, by right.
    """
    process = started([dump, "-o", output, "--resume"])
    lost = 0
    while True:
        try:
            process.wait(1 + chance.expovariate(1 / mean))
        except subprocess.TimeoutExpired:
            pass
        else:
            if process.returncode:
                sys.exit(f"pnews batch ended with status {process.returncode}")
            return 0, lost
        found = workers(process.pid)
        if lost or not found or chance.random() < 0.5:
            process.kill()
            process.wait()
            return 1, lost
        with suppress(ProcessLookupError):
            os.kill(chance.choice(found), signal.SIGKILL)
            lost += 1


def _digest(path: Path) -> bytes:
    digest = blake2b()
    with path.open("rb") as stream:
        while piece := stream.read(1 << 20):
            digest.update(piece)
    return digest.digest()


if __name__ == "__main__":
    main()

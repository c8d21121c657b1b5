"""`pnews batch` with one worker and with two on the same articles; memory of few and of many.

usage: python benchmarks/batch_speed.py FOLDER_OF_NEWS [--documents 2000] [--many 20000]
"""

from __future__ import annotations

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

from batch_runs import Usage, run, written


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("news", type=Path)
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--many", type=int, default=20_000, help="0 leaves that run out")
    given = parser.parse_args()
    with TemporaryDirectory() as name:
        folder = Path(name)
        few = written(given.news, folder / "few.jsonl.gz", given.documents)
        one = _told(given.documents, 1, _run(few, folder / "one.jsonl", 1))
        two = _told(given.documents, 2, _run(few, folder / "two.jsonl", 2))
        same = (folder / "one.jsonl").read_bytes() == (folder / "two.jsonl").read_bytes()
        print(f"two workers are {one.wall / two.wall:.2f} times as fast; same bytes: {same}")
        if given.many:
            many = written(given.news, folder / "many.jsonl.gz", given.many)
            most = _told(given.many, 2, _run(many, folder / "many.jsonl", 2))
            print(f"memory of many: parent {most.parent / two.parent:.2f} times that of few, "
                  f"worker {most.worker / two.worker:.2f} times")  # fmt: skip


def _run(dump: Path, output: Path, workers: int) -> Usage:
    return run([dump, "-o", output, "--workers", str(workers)])


def _told(documents: int, workers: int, usage: Usage) -> Usage:
    print(
        f"{documents:,} documents, {workers} workers: {documents / usage.wall:.1f} documents/s; "
        f"{usage.wall:.1f} s, {usage.cpu:.1f} s of processors; at most "
        f"{usage.parent:.0f} MiB the parent, {usage.worker:.0f} MiB a worker",
        flush=True,
    )
    return usage


if __name__ == "__main__":
    main()

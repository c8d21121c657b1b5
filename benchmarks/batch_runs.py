"""Runs of `pnews batch` over news, with what they take; for batch_speed.py and batch_soak.py."""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import cycle, islice
from pathlib import Path
from typing import NamedTuple

PNEWS = Path(sys.executable).parent / "pnews"
POLL = 0.25
"""Seconds between two looks at the processes."""


class Usage(NamedTuple):
    """Seconds and, of the largest process, mebibytes; the parent's and a worker's."""

    wall: float
    cpu: float
    parent: float
    worker: float


def articles(folder: Path) -> Iterator[dict[str, str]]:
    """The articles of `*.jsonl.gz`, each a text; again and again, with ids of their own."""
    found: list[str] = []
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                record = json.loads(line)
                parts = (record.get(key) for key in ("title", "text", "body"))
                found.append("\n".join(part for part in parts if part))
    kept = [text for text in found if text.strip()]
    for number, text in enumerate(cycle(kept)):
        yield {"id": f"{number:06}", "text": text}


def written(folder: Path, to: Path, documents: int) -> Path:
    """A dump of so many articles, compressed."""
    with gzip.open(to, "wt", encoding="utf-8", compresslevel=1) as stream:
        for record in islice(articles(folder), documents):
            stream.write(json.dumps(record, ensure_ascii=False) + "\n")
    return to


def started(arguments: Sequence[str | Path]) -> subprocess.Popen[bytes]:
    """`pnews batch … --quiet`."""
    return subprocess.Popen([PNEWS, "batch", *arguments, "--quiet"])


def run(arguments: Sequence[str | Path]) -> Usage:
    """To its end; SystemExit if it fails."""
    begun, before = time.monotonic(), os.times()
    process = started(arguments)
    peaks: dict[int, float] = {}
    while process.poll() is None:
        for number in (process.pid, *workers(process.pid)):
            peaks[number] = max(peak(number), peaks.get(number, 0.0))
        time.sleep(POLL)
    if process.returncode:
        sys.exit(f"pnews batch ended with status {process.returncode}")
    after = os.times()
    cpu = (
        after.children_user + after.children_system - before.children_user - before.children_system
    )
    parent = peaks.pop(process.pid)
    return Usage(time.monotonic() - begun, cpu, parent, max(peaks.values()))


def workers(process: int) -> list[int]:
    """The processes below another that annotate."""
    with suppress(OSError):
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
        return [int(child) for child in children if b"spawn_main" in _command(int(child))]
    return []


def peak(process: int) -> float:
    """Mebibytes that a process has held at most."""
    with suppress(OSError):
        status = Path(f"/proc/{process}/status").read_text()
        if found := re.search(r"VmHWM:\s+(\d+) kB", status):
            return int(found[1]) / 1024
    return 0.0


def _command(process: int) -> bytes:
    with suppress(OSError):
        return Path(f"/proc/{process}/cmdline").read_bytes()
    return b""

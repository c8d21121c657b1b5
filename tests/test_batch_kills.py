"""A whole batch with its workers, killed at random; and what workers do to it."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from functools import partial
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import msgspec
import pytest
from batch_process import broken, cheap, signed, stillborn
from conftest import ROOT

from pnews.batch import annotate_files
from pnews.batch.journal import places
from pnews.batch.work import Failure
from pnews.batch.workers import Crew
from pnews.errors import InputError, PnewsError
from pnews.formats.items import Item, Reading

PROCESS = ROOT / "tests" / "batch_process.py"
DOCUMENTS = 150


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Articles, one in ten of them undecodable or failing."""
    folder = tmp_path_factory.mktemp("in")
    for number in range(DOCUMENTS):
        text = f"خبر {number} " + "تهران " * (number * 7 % 50)
        text += {3: "ERROR", 13: "\x00"}.get(number % 20, "")
        (folder / f"{number:03}.txt").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def unbroken(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    output = tmp_path_factory.mktemp("unbroken") / "out.jsonl"
    progress = annotate_files([str(folder)], str(output), make=cheap, workers=1)
    assert progress is not None
    assert (progress.read, progress.failed) == (DOCUMENTS, 15)
    return whole(output)


def whole(output: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in output.parent.iterdir()}


def children(process: int) -> list[int]:
    try:
        found = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return []
    return [int(child) for child in found]


def has_begun(output: Path) -> bool:
    part = places(str(output)).part
    return part.exists() and part.stat().st_size > 0


def kill_something(process: subprocess.Popen[bytes], chance: random.Random) -> None:
    """The batch itself, or else one of its processes."""
    below = children(process.pid)
    if chance.random() < 0.6 or not below:
        process.kill()
        return
    with suppress(ProcessLookupError):
        os.kill(chance.choice(below), signal.SIGKILL)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc to find workers")
@pytest.mark.parametrize("seed", range(20))
def test_a_batch_killed_at_random_gives_the_bytes_of_an_unbroken_one(
    folder: Path, unbroken: dict[str, bytes], tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    output = tmp_path / "out.jsonl"
    command = [sys.executable, str(PROCESS), str(folder), str(output)]
    for _ in range(2):
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
            begun = time.monotonic()
            late = chance.random() < 0.7  # not before anything is written
            while late and not has_begun(output) and time.monotonic() < begun + 9:
                time.sleep(0.01)
            time.sleep(chance.uniform(0, 0.5))
            kill_something(process, chance)
    last = subprocess.run(command, check=False, timeout=60, capture_output=True)
    assert (last.returncode, last.stderr) == (0, b"")
    assert whole(output) == unbroken


@pytest.mark.parametrize("workers", [2, 5])
def test_the_number_of_workers_changes_nothing(
    folder: Path, unbroken: dict[str, bytes], tmp_path: Path, workers: int
) -> None:
    annotate_files([str(folder)], str(tmp_path / "out.jsonl"), make=cheap, workers=workers)
    assert whole(tmp_path / "out.jsonl") == unbroken


def annotated(tmp_path: Path, texts: list[str], **how: Any) -> tuple[list[str], list[Failure]]:
    """The ids that were annotated, and the failures."""
    source, output = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_bytes(b"".join(msgspec.json.encode({"text": text}) + b"\n" for text in texts))
    annotate_files([str(source)], str(output), make=cheap, force=True, **how)
    ids = [msgspec.json.decode(line)["id"] for line in output.read_bytes().splitlines()]
    errors = tmp_path / "out.errors.jsonl"
    lines = errors.read_bytes().splitlines() if errors.exists() else []
    return ids, [msgspec.json.decode(line, type=Failure) for line in lines]


@pytest.mark.parametrize(
    ("words", "stage", "reason"),
    [
        ("ERROR", "annotate", "in.jsonl:4: ValueError: a bad day"),
        ("MEMORY", "annotate", "in.jsonl:4: MemoryError: no reason given"),
        ("KILL", "worker", "line 4: the worker was ended by SIGKILL; was memory short?"),
        ("EXIT", "worker", "line 4: the worker ended with status 3"),
    ],
)
def test_a_document_that_fails_takes_no_other_with_it(
    tmp_path: Path, words: str, stage: str, reason: str
) -> None:
    texts = [f"خبر {n} {words if n == 4 else ''}" for n in range(1, 9)]
    ids, (failure,) = annotated(tmp_path, texts, workers=2)
    assert ids == [f"in.jsonl:{n}" for n in range(1, 9) if n != 4]
    assert (failure.id, failure.stage) == ("in.jsonl:4", stage)
    assert failure.reason.endswith(reason)


def test_many_that_kill_their_workers(tmp_path: Path) -> None:
    texts = [f"خبر {n} {'KILL' if n % 4 == 0 else ''}" for n in range(1, 41)]
    ids, failures = annotated(tmp_path, texts, workers=2)
    assert ids == [f"in.jsonl:{n}" for n in range(1, 41) if n % 4]
    assert [failure.id for failure in failures] == [f"in.jsonl:{n}" for n in range(4, 41, 4)]


def test_who_dies_once_is_tried_again(tmp_path: Path) -> None:
    texts = ["خبر", f"خبر ONCE:{tmp_path / 'died'}", "خبر"]
    assert annotated(tmp_path, texts, workers=1) == (["in.jsonl:1", "in.jsonl:2", "in.jsonl:3"], [])
    assert (tmp_path / "died").exists()


def test_a_worker_makes_room_for_another(tmp_path: Path) -> None:
    chunks = [[Item("", str(chunk * 3 + n), b"x") for n in range(3)] for chunk in range(10)]
    crew = Crew(signed, Reading(), size=1, documents=12)
    made = [msgspec.json.decode(o.line) for chunk in crew.annotate(chunks) for o in chunk]
    assert [document["id"] for document in made] == [str(n) for n in range(30)]
    assert [len(list(group)) for _, group in groupby(made, key=itemgetter("text"))] == [12, 12, 6]


def test_no_worker_can_start(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("خبر", encoding="utf-8")
    start = partial(annotate_files, [str(tmp_path)], str(tmp_path / "out.jsonl"), workers=2)
    with pytest.raises(PnewsError, match="ValueError: no model"):
        start(make=broken)
    with pytest.raises(PnewsError, match="no worker can start: the worker ended with status 5"):
        start(make=stillborn)
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_inputs_that_have_changed_are_not_resumed(folder: Path, tmp_path: Path) -> None:
    source, output = tmp_path / "in", tmp_path / "out.jsonl"
    source.mkdir()
    for path in folder.iterdir():
        (source / path.name).write_bytes(path.read_bytes())
    command = [sys.executable, str(PROCESS), str(source), str(output)]
    with subprocess.Popen(command) as process:
        while not has_begun(output):
            time.sleep(0.01)
        time.sleep(0.1)
        process.kill()
    (source / "000.txt").write_text("دیگر", encoding="utf-8")
    with pytest.raises(InputError, match="the inputs have changed since it was begun"):
        annotate_files([str(source)], str(output), make=cheap, resume=True)

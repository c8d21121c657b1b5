"""What a batch has done is true on the disk, whatever ends it: no moment is bad to be killed at."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pnews.batch.journal import Journal, Progress, places
from pnews.batch.work import Failure, Outcome
from pnews.errors import InputError, StoppedError

ASKED = {"inputs": ["in"], "digits": "persian"}
CALLS = ("open", "write", "ftruncate", "lseek", "fsync", "close", "replace", "unlink", "rename")


def outcomes() -> Iterator[list[Outcome]]:
    """Five chunks; every third document fails."""
    for chunk in range(5):
        yield [
            Outcome(failure=Failure(f"{chunk}.{n}", "read", "empty"))
            if (chunk * 3 + n) % 3 == 1
            else Outcome(b'{"schema":1,"id":"%d.%d","text":"x"}\n' % (chunk, n), {"PER": n})
            for n in range(3)
        ]


def batch(output: Path, **how: Any) -> Progress:
    """A batch of those; the digest of a chunk is its number."""
    with Journal(str(output), ASKED, seconds=0, **how) as journal:
        if journal.nothing_to_do:
            return journal.progress
        for number, chunk in enumerate(outcomes()):
            if number * 3 >= journal.progress.read:
                journal.add(chunk, str(number))
        journal.finish()
    return journal.progress


def alone(work: Callable[..., None], *given: Any) -> None:
    """Run what forks in a process without threads."""
    process = multiprocessing.get_context("spawn").Process(target=work, args=given)
    process.start()
    process.join()
    assert process.exitcode == 0


def killed_at(number: int, output: Path, *, half: bool = False, **how: Any) -> int:
    """The status of a forked process whose batch is killed before that call to the file system,
    or when a write has done its half.
    """
    child = os.fork()
    if not child:
        try:
            _count_down(number, half)
            batch(output, **how)
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _count_down(left: int, half: bool) -> None:
    def counting(real: Callable[..., Any], name: str) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:
            nonlocal left
            left -= 1
            if left < 0:
                if half and name == "write":
                    real(args[0], bytes(args[1])[: len(args[1]) // 2])
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **named)

        return call

    for name in CALLS:
        setattr(os, name, counting(getattr(os, name), name))


def whole(output: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in output.parent.iterdir()}


@pytest.fixture
def unbroken(tmp_path: Path) -> dict[str, bytes]:
    (tmp_path / "unbroken").mkdir()
    batch(tmp_path / "unbroken" / "out.jsonl")
    return whole(tmp_path / "unbroken" / "out.jsonl")


def test_an_unbroken_batch_leaves_its_output_and_its_failures(unbroken: dict[str, bytes]) -> None:
    assert sorted(unbroken) == ["out.errors.jsonl", "out.jsonl"]
    assert unbroken["out.jsonl"].count(b"\n") == 10
    assert unbroken["out.errors.jsonl"].count(b"\n") == 5


@pytest.mark.parametrize("half", [False, True])
def test_no_call_to_the_file_system_is_a_bad_moment(
    tmp_path: Path, unbroken: dict[str, bytes], half: bool
) -> None:
    alone(kill_at_each, tmp_path, unbroken, half)


def kill_at_each(folder: Path, unbroken: dict[str, bytes], half: bool) -> None:
    number = 0
    status = -signal.SIGKILL
    while status:
        output = folder / f"{number}" / "out.jsonl"
        output.parent.mkdir()
        status = killed_at(number, output, half=half)
        again = random.Random(number).randrange(60)
        killed_at(again, output, half=half, resume=True)
        batch(output, resume=True)
        assert whole(output) == unbroken, f"killed at call {number}, then at call {again}"
        number += 1
    assert number > 40


def test_a_batch_that_is_forced_anew_is_killed_as_safely(
    tmp_path: Path, unbroken: dict[str, bytes]
) -> None:
    alone(kill_at_each_forced, tmp_path, unbroken)


def kill_at_each_forced(folder: Path, unbroken: dict[str, bytes]) -> None:
    number = 0
    status = -signal.SIGKILL
    while status:
        output = folder / f"{number}" / "out.jsonl"
        output.parent.mkdir()
        output.write_bytes(b"old")
        status = killed_at(number, output, force=True)
        begun = places(str(output)).journal.exists() or output.read_bytes() != b"old"
        batch(output, resume=True)
        assert whole(output) == (unbroken if begun else {"out.jsonl": b"old"})
        number += 1
    assert number > 40


def interrupt(output: Path) -> None:
    assert killed_at(30, output) == -signal.SIGKILL


@pytest.mark.parametrize("name", ["out.jsonl.gz", "out.db", "out.parquet", "out.csv"])
def test_nor_is_any_while_another_format_is_written(tmp_path: Path, name: str) -> None:
    alone(kill_at_the_end, tmp_path, name)


def kill_at_the_end(folder: Path, name: str) -> None:
    (folder / "unbroken").mkdir()
    batch(folder / "unbroken" / name)
    unbroken = whole(folder / "unbroken" / name)
    assert sorted(unbroken) == sorted([name, f"{name}.errors.jsonl"])
    number = 40
    status = -signal.SIGKILL
    while status:
        output = folder / f"{number}" / name
        output.parent.mkdir()
        status = killed_at(number, output)
        batch(output, resume=True)
        assert whole(output) == unbroken, f"killed at call {number}"
        number += 1
    assert number > 50


def test_counts_go_on_where_they_were(tmp_path: Path) -> None:
    output = tmp_path / "out.jsonl"
    alone(interrupt, output)
    progress = batch(output, resume=True)
    assert (progress.read, progress.annotated, progress.failed) == (15, 10, 5)
    assert progress.entities == batch(output, force=True).entities


def test_a_torn_line_is_no_line(tmp_path: Path, unbroken: dict[str, bytes]) -> None:
    output = tmp_path / "out.jsonl"
    alone(interrupt, output)
    for torn in (b"01234567", b'00000000 {"read":99}\n', b"\x00" * 4096, b"\n"):
        with places(str(output)).journal.open("ab") as stream:
            stream.write(torn)
    batch(output, resume=True)
    assert output.read_bytes() == unbroken["out.jsonl"]


def test_what_is_there_is_refused_and_kept(tmp_path: Path) -> None:
    output = tmp_path / "out.jsonl"
    output.write_bytes(b"old")
    with pytest.raises(InputError, match=r"is there already; make it again with --force"):
        batch(output)
    assert whole(output) == {"out.jsonl": b"old"}


def test_an_unfinished_batch_is_refused_and_kept(tmp_path: Path) -> None:
    output = tmp_path / "out.jsonl"
    alone(interrupt, output)
    before = whole(output)
    with pytest.raises(InputError, match="a batch is unfinished; go on with --resume"):
        batch(output)
    assert whole(output) == before


def test_other_options_are_not_resumed(tmp_path: Path) -> None:
    output = tmp_path / "out.jsonl"
    alone(interrupt, output)
    with pytest.raises(InputError, match="begun with digits 'persian', not 'ascii'"):
        Journal(str(output), {**ASKED, "digits": "ascii"}, resume=True)
    assert batch(output, resume=True).read == 15


def test_what_is_finished_is_not_done_again(tmp_path: Path) -> None:
    output = tmp_path / "out.jsonl"
    batch(output)
    before = whole(output)
    with Journal(str(output), ASKED, resume=True) as journal:
        assert journal.nothing_to_do
    assert whole(output) == before


def test_two_batches_at_one_output_refuse_each_other(tmp_path: Path) -> None:
    output = tmp_path / "out.jsonl"
    with Journal(str(output), ASKED) as journal:
        for how in ({"resume": True}, {"force": True}):
            with pytest.raises(InputError, match="another batch is writing it"):
                Journal(str(output), ASKED, **how)
        journal.finish()
    assert output.exists()


def test_a_batch_that_did_nothing_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ValueError), Journal(str(tmp_path / "out.jsonl"), ASKED):
        raise ValueError
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_was_cut_is_told(tmp_path: Path) -> None:
    output = tmp_path / "out.jsonl"
    alone(interrupt, output)
    places(str(output)).part.write_bytes(b"")
    with pytest.raises(InputError, match=r"out.jsonl.part is not as it was left"):
        batch(output, resume=True)


def test_a_full_disk_stops_and_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unbroken: dict[str, bytes]
) -> None:
    output = tmp_path / "full" / "out.jsonl"
    output.parent.mkdir()
    real = os.write
    room = stops = 0

    def write(opened: int, raw: bytes) -> int:
        nonlocal left
        if not left:
            raise OSError(28, "No space left on device")
        left -= (done := real(opened, bytes(raw)[:left]))
        return done

    monkeypatch.setattr(os, "write", write)
    while not output.exists():
        room += 40
        left = room
        try:
            batch(output, resume=True)
        except StoppedError as error:
            assert str(error) == f"{output}: can't be written: No space left on device; make room"
            stops += 1
    assert stops > 4
    assert whole(output) == unbroken


@pytest.mark.parametrize("name", ["/dev/null", "."])
def test_only_a_file_can_be_written(name: str) -> None:
    with pytest.raises(InputError, match=r"no regular file|a folder; name a file in it"):
        Journal(name, ASKED, to="jsonl", force=True)

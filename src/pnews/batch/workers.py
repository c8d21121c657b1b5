"""Processes that annotate: each with a pipeline of its own, on one thread, one task at a time.

A task goes to a worker only when it waits for one, and each has a pipe to itself, so nobody waits
for a lock that somebody killed has held. A worker that dies takes nothing with it: its documents
are tried once more, each alone, by those that live and by the one that takes its place.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from typing import Any, NamedTuple, cast

from pnews.batch.work import Annotate, Failure, Outcome, outcomes, reason
from pnews.errors import PnewsError
from pnews.formats.items import Item, Reading

AHEAD = 4
"""Chunks a worker that may be read or done before their turn to be written."""
DOCUMENTS = 1000
"""After so many a worker makes room for a new one, so that what libraries keep doesn't add up."""
STARTS = 3
"""Workers that may die, one after the other, before one is ready."""


class Task(NamedTuple):
    """Items of a chunk, which starts `first` items before them; `alone` is the second try."""

    chunk: int
    first: int
    items: Sequence[Item]
    alone: bool = False


class Worker:
    """A process and what it is doing; it takes tasks once `ready`."""

    def __init__(self, make: Callable[[], Annotate], how: Reading) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, its_end = context.Pipe()
        self._process = context.Process(target=serve, args=(its_end, make, how), daemon=True)
        with _deaf_to_ctrl_c():
            self._process.start()
        its_end.close()
        self.ready = False
        self.task: Task | None = None
        self.documents = 0

    def give(self, task: Task) -> bool:
        """Hand out a task; False if the worker has died, which then has not begun it."""
        try:
            self.pipe.send(task.items)
        except OSError:
            return False
        self.task = task
        return True

    def stop(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        self._process.join()
        self.pipe.close()

    def death(self) -> str:
        """How a process ended whose pipe is closed."""
        self._process.join(1)
        self.stop()
        code = self._process.exitcode or 0
        if code >= 0:
            return f"the worker ended with status {code}"
        name = signal.Signals(-code).name
        memory = "; was memory short?" if name == "SIGKILL" else ""
        return f"the worker was ended by {name}{memory}"


def serve(pipe: Connection, make: Callable[[], Annotate], how: Reading) -> None:
    """A worker's life: says that it is ready, or why it can't be, then does tasks until the
    other end is closed.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        try:
            annotate = make()
        except Exception as error:
            pipe.send(reason(error))
            return
        pipe.send("")
        while True:
            pipe.send(outcomes(pipe.recv(), annotate, how))
    except (EOFError, OSError):
        return


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """What is started here doesn't hear of Ctrl-C, which is its parent's to handle."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # its start would take the mask off
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


class Crew:
    """Up to `size` workers, started when there is work for them, each for about `documents`."""

    def __init__(
        self, make: Callable[[], Annotate], how: Reading, *, size: int, documents: int = DOCUMENTS
    ) -> None:
        self._documents = documents
        self._make, self._how, self._size = make, how, size
        self._workers: list[Worker] = []
        self._queue: deque[Task] = deque()
        self._made: dict[int, list[Outcome | None]] = {}
        self._read = self._written = 0
        self._lost_at_start = 0

    def annotate(self, chunks: Iterable[Sequence[Item]]) -> Iterator[list[Outcome]]:
        """The outcomes of each chunk, in order. Raises PnewsError if no worker can start."""
        coming = iter(chunks)
        more = True
        try:
            while more or self._made:
                reads = more and self._has_room()
                if reads:
                    more = self._read_one(coming)
                self._hand_out()
                self._listen(wait_for_one=not reads)
                while (done := self._next_done()) is not None:
                    yield done
        finally:
            self.stop()

    def stop(self) -> None:
        """End all workers at once."""
        for worker in self._workers:
            worker.stop()
        self._workers.clear()

    def _has_room(self) -> bool:
        ahead = self._read - self._written
        return len(self._queue) < self._size and ahead < AHEAD * self._size

    def _read_one(self, coming: Iterator[Sequence[Item]]) -> bool:
        """Read the next chunk; whether there was one."""
        chunk = next(coming, None)
        if chunk is None:
            return False
        self._queue.append(Task(self._read, 0, chunk))
        self._made[self._read] = [None] * len(chunk)
        self._read += 1
        return True

    def _hand_out(self) -> None:
        """A task for every worker that waits for one, and more workers for more tasks."""
        for worker in list(self._workers):
            if self._queue and worker.ready and worker.task is None:
                if worker.give(self._queue[0]):
                    self._queue.popleft()
                else:
                    self._bury(worker)
        coming = sum(not worker.ready for worker in self._workers)
        for _ in range(min(len(self._queue) - coming, self._size - len(self._workers))):
            self._workers.append(Worker(self._make, self._how))

    def _listen(self, *, wait_for_one: bool) -> None:
        """Hear what workers have to say, and of their deaths."""
        pipes = {worker.pipe: worker for worker in self._workers}
        for pipe in wait(list(pipes), None if wait_for_one else 0):
            worker = pipes[cast("Connection", pipe)]
            try:
                said = worker.pipe.recv()
            except (EOFError, OSError):
                self._bury(worker)
            else:
                self._heard(worker, said)

    def _heard(self, worker: Worker, said: Any) -> None:
        if worker.task is not None:
            self._keep(worker.task, said)
            worker.documents += len(worker.task.items)
            worker.task = None
            if worker.documents >= self._documents:
                self._workers.remove(worker)
                worker.stop()
        elif said:
            raise PnewsError(said)
        else:
            worker.ready = True
            self._lost_at_start = 0

    def _keep(self, task: Task, made: Sequence[Outcome]) -> None:
        self._made[task.chunk][task.first : task.first + len(made)] = made

    def _bury(self, worker: Worker) -> None:
        """A worker has died: its documents are tried again, or have failed."""
        self._workers.remove(worker)
        task, death = worker.task, worker.death()
        if not worker.ready:
            self._lost_at_start += 1
            if self._lost_at_start == STARTS:
                raise PnewsError(f"no worker can start: {death}; try fewer with --workers 1")
        elif task is not None and task.alone:
            failure = Failure(task.items[0].id, "worker", f"{task.items[0].place}: {death}")
            self._keep(task, [Outcome(failure=failure)])
        elif task is not None:
            again = [Task(task.chunk, n, [item], alone=True) for n, item in enumerate(task.items)]
            self._queue.extendleft(reversed(again))

    def _next_done(self) -> list[Outcome] | None:
        """The next chunk in order, if all of it is done."""
        made = self._made.get(self._written)
        if made is None or None in made:
            return None
        del self._made[self._written]
        self._written += 1
        return [outcome for outcome in made if outcome is not None]

"""A folder into shards on many machines: datatrove's executors over the steps of `datatrove.py`.

Below the output stand `documents/00000.jsonl.gz`, one for each task, `errors/00000.jsonl`, what
was asked for in `plan.json`, and under `logs/` datatrove's logs, figures and completion markers.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr
from hashlib import blake2b
from pathlib import Path
from subprocess import CalledProcessError
from typing import Any, NamedTuple

import msgspec
from datatrove.executor.base import PipelineExecutor
from datatrove.executor.local import LocalPipelineExecutor
from datatrove.executor.ray import RayPipelineExecutor
from datatrove.executor.slurm import SlurmPipelineExecutor
from datatrove.io import DataFolder, get_datafolder
from datatrove.utils.logging import logger

from pnews.batch.datatrove import Annotate, Read, Write
from pnews.errors import InputError, StoppedError
from pnews.formats.items import Reading
from pnews.version import __version__

MEMORY = 1
"""GB for a task, which is one process on one thread."""

PLAN = "plan.json"
"""Where below the output the plan stands that it was begun with."""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be done; the same plan at one output goes on where it stopped.

    `source` is a folder or file, `output` a folder, each local or an address that fsspec knows
    (`s3://…`, `hf://…`). Each of the `tasks` annotates every nth file of the source.
    """

    source: str
    output: str
    tasks: int
    glob: str | None = None
    how: Reading = Reading()
    options: Mapping[str, Mapping[str, Any]] = {}
    pnews: str = __version__


class Slurm(msgspec.Struct, frozen=True, kw_only=True):
    """Where and how long a task may run; `sbatch` are more options of sbatch, by name."""

    partition: str
    time: str = "24:00:00"
    sbatch: Mapping[str, str] = {}


class Done(NamedTuple):
    """Tasks that have finished, and documents that failed in them."""

    tasks: int
    failed: int


def run_local(plan: Plan, *, workers: int) -> Done:
    """Run the plan in processes of this machine.

    Raises InputError for a plan that can't be run, StoppedError where a task failed.
    """
    return _run(plan, LocalPipelineExecutor, tasks=plan.tasks, workers=min(workers, plan.tasks))


def run_ray(plan: Plan, *, workers: int | None = None) -> Done:
    """The same in the Ray cluster that this process is in, or that `RAY_ADDRESS` or this machine
    knows; `workers` tasks at once, by default all that fit.
    """
    import ray

    if not ray.is_initialized():
        try:
            ray.init(address="auto", log_to_driver=False, logging_level=logging.ERROR)
        except ConnectionError:
            raise InputError(
                "no Ray cluster answers; start one with `ray start --head`, or set RAY_ADDRESS, "
                "and RAY_AUTH_MODE and RAY_AUTH_TOKEN if it wants a token"
            ) from None
    return _run(
        plan, RayPipelineExecutor, tasks=plan.tasks, workers=workers or -1, mem_per_cpu_gb=MEMORY
    )


def submit(plan: Plan, slurm: Slurm, *, workers: int | None = None) -> str | None:
    """Hand the plan to Slurm as an array of jobs and return at once; gives the last job's id, None
    where nothing is left to do.

    Raises InputError where sbatch isn't there or refuses.
    """
    _begin(plan)
    executor = _slurm(plan, slurm, workers)
    try:
        with _quiet():
            executor.run()
    except FileNotFoundError:
        raise InputError("sbatch: no such command; run this where Slurm is") from None
    except CalledProcessError as error:
        raise InputError(f"sbatch ended with status {error.returncode}") from None
    return None if executor.job_id == -1 else str(executor.job_id)


def script(plan: Plan, slurm: Slurm, *, workers: int | None = None) -> str:
    """The script that `submit` hands to sbatch for a plan that hasn't begun. Raises InputError."""
    _check(plan)
    executor = _slurm(plan, slurm, workers)
    pickled = executor.logging_dir.resolve_paths("executor.pik")
    made: str = executor.get_launch_file_contents(
        executor.get_sbatch_args(min(plan.tasks, executor.max_array_size)),
        f"srun  -l -n 1 launch_pickled_pipeline {pickled}",
    )
    return made


def _slurm(plan: Plan, slurm: Slurm, workers: int | None) -> SlurmPipelineExecutor:
    activate = Path(sys.prefix, "bin", "activate")
    return SlurmPipelineExecutor(
        _steps(plan),
        tasks=plan.tasks,
        workers=workers or -1,
        logging_dir=_below(plan.output, "logs"),
        time=slurm.time,
        partition=slurm.partition,
        qos=None,
        mem_per_cpu_gb=MEMORY,
        job_name="pnews",
        venv_path=str(activate) if activate.exists() else None,
        sbatch_args=dict(slurm.sbatch),
    )


def _run(plan: Plan, kind: type[PipelineExecutor], **how: Any) -> Done:
    _begin(plan)
    with _quiet():
        executor = kind(_steps(plan), logging_dir=_below(plan.output, "logs"), **how)
    reason = ""
    try:
        with _quiet():
            executor.run()
    except Exception as error:  # whatever a task raised; its log has it in full
        reason = f" ({type(error).__name__}: {' '.join(str(error).split())})"
    left = executor.get_incomplete_ranks(skip_completed=True)
    if left:
        raise StoppedError(
            f"{plan.output}: {len(left)} of {plan.tasks} tasks didn't finish{reason}; see "
            "logs/logs there; the same command runs them again"
        )
    return Done(plan.tasks, _failed(get_datafolder(_below(plan.output, "errors"))))


def _steps(plan: Plan) -> list[Any]:
    return [
        _read(plan),
        Annotate(options=plan.options, errors=_below(plan.output, "errors"), how=plan.how),
        Write(_below(plan.output, "documents")),
    ]


def _read(plan: Plan) -> Read:
    """Reads the source, which may be one file."""
    if not get_datafolder(plan.source).isfile(""):
        return Read(plan.source, glob=plan.glob, how=plan.how)
    folder, _, name = plan.source.rpartition("/")
    return Read(folder, only=name, how=plan.how)


def _begin(plan: Plan) -> None:
    """Write the plan down, or compare it with the one that the output was begun with."""
    output = get_datafolder(plan.output)
    asked = {**msgspec.to_builtins(plan), "files": _check(plan)}
    if not output.exists(PLAN):
        if output.exists("documents"):
            raise InputError(f"{plan.output}: holds documents of something else; name another")
        with output.open(PLAN, "wb") as stream:
            stream.write(msgspec.json.encode(asked))
        return
    with output.open(PLAN, "rb") as stream:
        begun = msgspec.json.decode(stream.read())
    for key in asked:
        if begun.get(key) != asked[key]:
            raise InputError(
                f"{plan.output}: was begun with {key} {begun.get(key)!r}, not {asked[key]!r}; go "
                "on with that, or name another output"
            )


def _check(plan: Plan) -> str:
    """A digest of the names of the files to read, of which there must be enough."""
    if not get_datafolder(plan.source).exists(""):
        raise InputError(f"{plan.source}: no such file or folder; check the name")
    files = _read(plan).files()
    if not files:
        raise InputError(f"{plan.source}: nothing to annotate in it; see --glob")
    if len(files) < plan.tasks:
        raise InputError(
            f"{plan.source}: too few files ({len(files)}) for {plan.tasks} tasks; give fewer "
            "--tasks, or cut the files up"
        )
    return blake2b("\n".join(files).encode(errors="surrogateescape"), digest_size=8).hexdigest()


def _failed(errors: DataFolder) -> int:
    """Lines of all error files."""
    return sum(errors.cat(name).count(b"\n") for name in errors.list_files(glob_pattern="*.jsonl"))


def _below(folder: str, name: str) -> str:
    return f"{folder.rstrip('/')}/{name}"


@contextmanager
def _quiet() -> Iterator[None]:
    """Datatrove logs to standard error; on a terminal that is its progress, elsewhere nothing."""
    logger.remove()
    if sys.stderr.isatty():
        logger.add(sys.stderr)
        yield
        return
    kept = os.dup(2)  # that of this process is `sys.stderr`, that of the tasks' is 2
    with Path(os.devnull).open("w") as nowhere, redirect_stderr(nowhere):
        os.dup2(nowhere.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)

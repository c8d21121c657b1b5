"""`pnews cluster`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pnews.cli import options

if TYPE_CHECKING:
    from pnews.batch.cluster import Plan, Slurm


@click.group("cluster")
def command() -> None:
    """Annotate on many machines, with datatrove: pip install 'pnews[cluster]'.

    \b
    pnews cluster run dumps/ out/ --tasks 16
    """


@command.command("run")
@click.argument("source", metavar="INPUT")
@click.argument("output", metavar="OUTPUT")
@click.option(
    "--executor",
    type=click.Choice(["local", "ray", "slurm"]),
    default="local",
    show_default=True,
    help="Who runs the tasks.",
)
@click.option(
    "--tasks",
    type=click.IntRange(1),
    required=True,
    help="How many parts the work is cut into, by files; one shard of the output each.",
)
@click.option("--workers", "-j", type=click.IntRange(1), help="Tasks at once; all that fit.")
@click.option(
    "--glob",
    metavar="PATTERN",
    help="Files to read, by name or path: '*.jsonl'. By default those of known endings.",
)
@click.option("--partition", metavar="NAME", help="Slurm's partition.")
@click.option(
    "--time",
    default="24:00:00",
    show_default=True,
    metavar="HH:MM:SS",
    help="The longest that a task may take in Slurm.",
)
@click.option("--sbatch", multiple=True, metavar="NAME=VALUE", help="More options of sbatch.")
@click.option("--dry-run", is_flag=True, help="Only print the script for sbatch.")
@options.reading
@options.normalizing
@options.tagging
@options.linking
@options.layout
def run(source: str, output: str, **given: Any) -> None:
    """Annotate a folder into shards: OUTPUT/documents/00000.jsonl.gz and on, one for each task.

    INPUT and OUTPUT are local or on S3, say (s3://bucket/folder, which needs s3fs). Reads what
    batch reads. Documents that fail go to OUTPUT/errors; the exit status is then 1. The same
    command again runs the tasks that haven't finished.

    \b
    pnews cluster run dumps/ out/ --tasks 16
    pnews cluster run dumps/ out/ --tasks 1000 --executor slurm --partition cpu
    """  # fmt: skip
    if given["dry_run"] and given["executor"] != "slurm":
        raise click.UsageError("--dry-run is for --executor slurm.")
    _need("datatrove", *(["ray"] if given["executor"] == "ray" else []))
    from pnews.batch import cluster

    plan = _plan(source, output, given)
    if given["executor"] == "slurm":
        slurm = _slurm(given)
        if given["dry_run"]:
            click.echo(cluster.script(plan, slurm, workers=given["workers"]), nl=False)
            return
        job = cluster.submit(plan, slurm, workers=given["workers"])
        told = f"submitted as job {job}" if job else f"all {plan.tasks} tasks are done"
        print(f"pnews: {told}", file=sys.stderr)
        return
    if given["executor"] == "ray":
        done = cluster.run_ray(plan, workers=given["workers"])
    else:
        done = cluster.run_local(plan, workers=given["workers"] or os.cpu_count() or 1)
    print(f"pnews: {done.tasks} tasks done, {done.failed} documents failed", file=sys.stderr)
    sys.exit(1 if done.failed else 0)


def _need(*packages: str) -> None:
    from importlib.util import find_spec

    from pnews.errors import InputError

    for package in packages:
        if find_spec(package) is None:
            raise InputError(
                f"pnews cluster needs {package}; install it (Python 3.12 or later): "
                "pip install 'pnews[cluster]'"
            )


def _plan(source: str, output: str, given: dict[str, Any]) -> Plan:
    from pnews.batch.cluster import Plan

    if given["kb"]:
        given["kb"] = _place(given["kb"])
    return Plan(
        source=_place(source),
        output=_place(output),
        tasks=given["tasks"],
        glob=given["glob"],
        how=options.reading_of(given),
        options=options.stage_options(given),
    )


def _place(name: str) -> str:
    """An address as it is; a path in full, as other processes have other folders."""
    return name if "://" in name else str(Path(name).resolve())


def _slurm(given: dict[str, Any]) -> Slurm:
    from pnews.batch.cluster import Slurm

    if not given["partition"]:
        raise click.UsageError("--executor slurm needs --partition.")
    for pair in given["sbatch"]:
        if "=" not in pair:
            raise click.UsageError(f"--sbatch {pair!r}: write it as NAME=VALUE.")
    more = dict(pair.split("=", 1) for pair in given["sbatch"])
    return Slurm(partition=given["partition"], time=given["time"], sbatch=more)

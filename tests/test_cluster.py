"""Many machines, on this one: each executor for real, Slurm by commands that stand for its own."""

from __future__ import annotations

import gzip
import json
import os
import stat
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from conftest import ROOT, SEED, Run

from pnews import annotate


def needs(package: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(
        find_spec(package) is None, reason=f"no {package} here: make test-cluster installs it"
    )


needs_datatrove = needs("datatrove")
needs_ray = needs("ray")


@pytest.fixture(scope="module")
def dumps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of four files, as dumps are: lines with and without ids, packed, nested, a text."""
    folder = tmp_path_factory.mktemp("in")
    texts = [
        path.read_text(encoding="utf-8")
        for path in sorted((ROOT / "examples" / "articles").glob("*.txt"))
    ]
    named = [
        {"id": f"n{number}", "date": "2023-09-05", "text": text, "tags": ["خبر"], "price": 1e-7}
        for number, text in enumerate(texts)
    ]
    (folder / "a.jsonl").write_text("".join(json.dumps(line) + "\n" for line in named))
    lines = "\n".join(json.dumps({"text": text, "metadata": {"id": 1}}) for text in texts)
    (folder / "b.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    (folder / "c").mkdir()
    (folder / "c" / "seed.txt").write_bytes(SEED.read_bytes())
    (folder / "d.csv").write_text("text,page\nجو بایدن به باکو رفت.,3\n", encoding="utf-8")
    (folder / ".hidden.txt").write_text("خبر", encoding="utf-8")
    (folder / "notes.doc").write_bytes(b"\x00")
    return folder


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def shards(out: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted((out / "documents").iterdir())]


def documents(out: Path) -> list[bytes]:
    return [line for shard in shards(out) for line in gzip.decompress(shard).splitlines()]


def batch(pnews: Run, dumps: Path, tmp_path: Path) -> list[bytes]:
    """What `pnews batch` makes of it."""
    assert pnews("batch", "-q", dumps, "-o", tmp_path / "batch.jsonl").status == 0
    return (tmp_path / "batch.jsonl").read_bytes().splitlines()


def test_without_the_extra_one_line_names_it(
    pnews: Run, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    result = pnews("cluster", "run", ".", out, "--tasks", 1)
    assert result.status == 2
    assert result.err.startswith("pnews: pnews cluster needs datatrove; install it")
    assert result.err.endswith(": pip install 'pnews[cluster]'\n")
    assert result.err.count("\n") == 1


# The steps


@needs_datatrove
def test_annotate_stands_behind_any_reader_and_says_what_failed(tmp_path: Path) -> None:
    from datatrove.data import Document as Sample

    from pnews.batch.datatrove import Annotate

    samples = [
        Sample("جو بایدن دیروز به باکو رفت.", "a", metadata={"date": "2023-09-05", "url": "x"}),
        Sample(" ", "b"),
        Sample("خبر", "c", metadata={"date": "yesterday"}),
    ]
    step = Annotate(errors=str(tmp_path))
    (made,) = step.run(samples, rank=7)
    expected = annotate("جو بایدن دیروز به باکو رفت.", id="a", date="2023-09-05")
    assert (made.text, made.id) == (expected.text, "a")
    assert made.metadata["extra"] == {"url": "x"}
    assert [entity["value"] for entity in made.metadata["entities"]] == [None, "2023-09-04", None]
    failures = (tmp_path / "00007.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["id"] for line in failures] == ["b", "c"]
    assert [json.loads(line)["stage"] for line in failures] == ["read", "read"]
    assert (step.stats["annotated"].total, step.stats["failed"].total) == (1, 2)


@needs_datatrove
def test_steps_stand_in_a_pipeline_of_datatrove(tmp_path: Path) -> None:
    import pyarrow as pa
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.readers import ParquetReader
    from pyarrow import parquet

    from pnews.batch.datatrove import Annotate, Write

    (tmp_path / "in").mkdir()
    table = pa.table({"id": ["a", "b"], "body": ["جو بایدن به باکو رفت.", "خبر"], "page": [1, 2]})
    parquet.write_table(table, tmp_path / "in" / "news.parquet")
    LocalPipelineExecutor(
        [
            ParquetReader(str(tmp_path / "in"), text_key="body"),
            Annotate(),
            Write(str(tmp_path / "out")),
        ],
        logging_dir=str(tmp_path / "logs"),
    ).run()
    found = [
        json.loads(line)
        for line in gzip.decompress((tmp_path / "out" / "00000.jsonl.gz").read_bytes()).splitlines()
    ]
    assert [(line["id"], line["extra"]["page"]) for line in found] == [("a", 1), ("b", 2)]
    assert found[0]["clusters"][0]["name_en"] == "Joe Biden"


@needs_datatrove
def test_models_are_loaded_once_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    from datatrove.data import Document as Sample

    from pnews.batch.datatrove import Annotate
    from pnews.entities import networks, tagger

    opened: list[object] = []
    once = networks.open_session

    def counted(*args: Any, **options: Any) -> Any:
        opened.append(args)
        return once(*args, **options)

    monkeypatch.setattr(networks, "open_session", counted)
    for cached in (tagger.load, tagger._networks):
        cached.cache_clear()
    for rank in range(3):
        assert list(Annotate().run([Sample("جو بایدن به باکو رفت.", "a")], rank=rank))
        if rank == 0:
            first = len(opened)
    assert first == len(opened) > 0


@needs_datatrove
def test_a_shard_has_its_name_only_when_it_is_whole(tmp_path: Path) -> None:
    from datatrove.data import Document as Sample

    from pnews.batch.datatrove import Write

    def broken() -> Iterator[Sample]:
        yield Sample("خبر", "a", metadata={"schema": 1})
        raise RuntimeError

    with pytest.raises(RuntimeError):
        list(Write(str(tmp_path)).run(broken(), rank=3))
    assert not (tmp_path / "00003.jsonl.gz").exists()
    list(Write(str(tmp_path)).run([Sample("خبر", "a", metadata={"schema": 1})], rank=3))
    assert [path.name for path in tmp_path.iterdir()] == ["00003.jsonl.gz"]
    line = gzip.decompress((tmp_path / "00003.jsonl.gz").read_bytes())
    assert line.decode() == '{"schema":1,"id":"a","text":"خبر"}\n'


# This machine


@needs_datatrove
def test_tasks_make_the_documents_that_batch_makes(
    pnews: Run, dumps: Path, out: Path, tmp_path: Path
) -> None:
    result = pnews("cluster", "run", dumps, out, "--tasks", 2, "--workers", 2)
    assert (result.status, result.out) == (0, "")
    assert result.err == "pnews: 2 tasks done, 0 documents failed\n"
    assert len(shards(out)) == 2
    assert sorted(documents(out)) == sorted(batch(pnews, dumps, tmp_path))
    ids = [json.loads(line)["id"] for line in documents(out)]
    assert ids == [
        "n0",
        "n1",
        "n2",
        "c/seed.txt",
        "b.jsonl.gz:1",
        "b.jsonl.gz:2",
        "b.jsonl.gz:3",
        "d.csv:2",
    ]


@needs_datatrove
def test_input_and_output_may_be_elsewhere(pnews: Run, dumps: Path, tmp_path: Path) -> None:
    from fsspec.implementations.memory import MemoryFileSystem

    elsewhere = MemoryFileSystem()
    elsewhere.put(str(dumps), "/news/in", recursive=True)
    command = ("cluster", "run", "memory://news/in", "memory://news/out", "--tasks", 2, "-j", 1)
    try:
        assert pnews(*command).status == 0
        packed = [elsewhere.cat(f"/news/out/documents/0000{task}.jsonl.gz") for task in (0, 1)]
        found = [line for shard in packed for line in gzip.decompress(shard).splitlines()]
        assert sorted(found) == sorted(batch(pnews, dumps, tmp_path))
        assert pnews("cluster", "run", "memory://news/none", "memory://x", "--tasks", 1).status == 2
    finally:
        elsewhere.store.clear()


@needs_datatrove
def test_a_relaunch_runs_only_what_has_not_finished(pnews: Run, dumps: Path, out: Path) -> None:
    command = ("cluster", "run", dumps, out, "--tasks", 2, "--workers", 1)
    assert pnews(*command).status == 0
    whole = shards(out)
    for name in ("00000", "00001"):
        (out / "documents" / f"{name}.jsonl.gz").write_bytes(b"untouched")
    (out / "logs" / "completions" / "00001").unlink()
    assert pnews(*command).status == 0
    assert shards(out) == [b"untouched", whole[1]]
    assert pnews(*command).status == 0
    assert shards(out) == [b"untouched", whole[1]]


@needs_datatrove
def test_another_plan_at_the_same_output_is_refused(pnews: Run, dumps: Path, out: Path) -> None:
    assert pnews("cluster", "run", dumps, out, "--tasks", 1).status == 0
    before = shards(out)
    result = pnews("cluster", "run", dumps, out, "--tasks", 2)
    assert result.status == 2
    assert "out: was begun with tasks 1, not 2; go on with that" in result.err
    assert pnews("cluster", "run", dumps, out, "--tasks", 1, "--digits", "ascii").status == 2
    assert shards(out) == before


@needs_datatrove
def test_files_that_came_or_went_since_are_told(pnews: Run, tmp_path: Path, out: Path) -> None:
    folder = tmp_path / "in[1]"
    folder.mkdir()
    (folder / "a.txt").write_text("خبر", encoding="utf-8")
    command = ("cluster", "run", folder, out, "--tasks", 1)
    assert pnews(*command).status == 0
    (folder / "b.txt").write_text("خبر", encoding="utf-8")
    result = pnews(*command)
    assert result.status == 2
    assert "out: was begun with files " in result.err
    assert len(documents(out)) == 1


@needs_datatrove
def test_files_are_chosen_by_name_or_path(dumps: Path) -> None:
    from pnews.batch.datatrove import Read

    every = ["a.jsonl", "b.jsonl.gz", "c/seed.txt", "d.csv"]
    assert Read(str(dumps)).files() == every
    assert Read(str(dumps), glob="*.txt").files() == ["c/seed.txt"]
    assert Read(str(dumps), glob="c/*").files() == ["c/seed.txt"]
    assert Read(str(dumps), glob="*").files() == [*every, "notes.doc"]
    assert Read(str(dumps), only="d.csv").files() == ["d.csv"]


@needs_datatrove
def test_documents_that_fail_are_told_and_the_rest_goes_on(
    pnews: Run, tmp_path: Path, out: Path
) -> None:
    (tmp_path / "a.jsonl").write_bytes('{"text": "خبر"}\nnot json\n{"text": "باکو"}\n'.encode())
    result = pnews("cluster", "run", tmp_path / "a.jsonl", out, "--tasks", 1)
    assert (result.status, result.err) == (1, "pnews: 1 tasks done, 1 documents failed\n")
    (failure,) = (out / "errors" / "00000.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(failure)["id"] == "a.jsonl:2"
    assert [json.loads(line)["id"] for line in documents(out)] == ["a.jsonl:1", "a.jsonl:3"]


@needs_datatrove
def test_a_file_that_is_cut_off_is_a_failure_after_what_stands_before_it(
    pnews: Run, tmp_path: Path, out: Path
) -> None:
    lines = "".join(json.dumps({"text": f"خبر {number}"}) + "\n" for number in range(50))
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(lines.encode())[:-9])
    result = pnews("cluster", "run", tmp_path / "b.jsonl.gz", out, "--tasks", 1)
    assert result.status == 1
    (failure,) = (out / "errors" / "00000.jsonl").read_text(encoding="utf-8").splitlines()
    assert "damaged or cut off" in json.loads(failure)["reason"]


@needs_datatrove
def test_a_task_that_breaks_is_one_line_and_runs_again(pnews: Run, dumps: Path, out: Path) -> None:
    (out / "errors" / "00001.jsonl.part").mkdir(parents=True)
    command = ("cluster", "run", dumps, out, "--tasks", 2, "--workers", 2)
    result = pnews(*command)
    assert result.status == 2
    assert " of 2 tasks didn't finish (IsADirectoryError: " in result.err
    assert result.err.endswith("; see logs/logs there; the same command runs them again\n")
    assert result.err.count("\n") == 1
    (out / "errors" / "00001.jsonl.part").rmdir()
    assert pnews(*command).status == 0
    assert len(documents(out)) == 8


@needs_datatrove
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nowhere", "--tasks", 1), "nowhere: no such file or folder; check the name"),
        ((".", "--tasks", 5), ": too few files (4) for 5 tasks; give fewer --tasks"),
        ((".", "--tasks", 1, "--glob", "*.xml"), ": nothing to annotate in it; see --glob"),
        ((".", "--tasks", 1, "--executor", "slurm"), "--executor slurm needs --partition."),
        ((".", "--tasks", 1, "--dry-run"), "--dry-run is for --executor slurm."),
    ],
)
def test_what_can_not_be_is_refused_before_anything_is_made(
    arguments: tuple[object, ...],
    message: str,
    pnews: Run,
    dumps: Path,
    out: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(dumps)
    source, *rest = arguments
    result = pnews("cluster", "run", source, out, *rest)
    assert result.status == 2
    assert message in result.err
    assert result.err.count("\n") == 1
    assert not out.exists()


@needs_datatrove
def test_a_folder_with_other_documents_is_left_alone(pnews: Run, dumps: Path, out: Path) -> None:
    (out / "documents").mkdir(parents=True)
    result = pnews("cluster", "run", dumps, out, "--tasks", 1)
    assert result.status == 2
    assert "out: holds documents of something else" in result.err


# Ray


@pytest.fixture
def ray_cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A cluster of two workers on this machine, which no other machine can reach.

    Ray takes 127.0.0.1 for the machine's address in its network, and listens on all of them,
    unless clusters are off; the variable is read when ray is first imported.
    """
    monkeypatch.setenv("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    monkeypatch.setenv("RAY_AUTH_MODE", "token")
    monkeypatch.setenv("RAY_AUTH_TOKEN", token_hex(32))
    import ray

    ray.init(
        address="local", num_cpus=2, include_dashboard=False, log_to_driver=False,
        _node_ip_address="127.0.0.1",
    )  # fmt: skip
    try:
        assert ray.get_runtime_context().gcs_address.startswith("127.0.0.1:")
        yield
    finally:
        ray.shutdown()


@needs_datatrove
@needs_ray
def test_ray_makes_the_documents_that_batch_makes(
    pnews: Run, dumps: Path, out: Path, tmp_path: Path, ray_cluster: None
) -> None:
    command = ("cluster", "run", dumps, out, "--tasks", 2, "--executor", "ray")
    result = pnews(*command)
    assert result.status == 0
    assert result.err.endswith("pnews: 2 tasks done, 0 documents failed\n")
    assert sorted(documents(out)) == sorted(batch(pnews, dumps, tmp_path))
    whole = shards(out)
    (out / "documents" / "00000.jsonl.gz").write_bytes(b"untouched")
    (out / "logs" / "completions" / "00001").unlink()
    assert pnews(*command).status == 0
    assert shards(out) == [b"untouched", whole[1]]


@needs_datatrove
@needs_ray
def test_without_a_ray_cluster_one_line_says_how_to_start_one(
    pnews: Run, dumps: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import ray

    def nobody_answers(**_: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(ray, "init", nobody_answers)
    result = pnews("cluster", "run", dumps, out, "--tasks", 2, "--executor", "ray")
    assert result.status == 2
    assert "no Ray cluster answers; start one with `ray start --head`" in result.err


# Slurm

SLURM = {
    # Runs each job of the array at once, as the machines of a cluster would.
    "sbatch": """\
#!/bin/bash
script="${!#}"
cp "$script" "$SUBMITTED/$(ls "$SUBMITTED" | wc -l).sh"
last=$(sed -n 's/^#SBATCH --array=0-\\([0-9]*\\).*/\\1/p' "$script")
for task in $(seq 0 "$last"); do
    SLURM_ARRAY_TASK_ID=$task SLURM_NODELIST=localhost bash "$script" || exit 1
done >> "$SUBMITTED.log" 2>&1
echo "Submitted batch job 42"
""",
    "srun": """\
#!/bin/bash
while [[ "$1" == -* ]]; do [[ "$1" == -n ]] && shift; shift; done
"$@"
""",
    "scontrol": "#!/bin/bash\necho localhost\n",
}


@pytest.fixture
def submitted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Slurm's commands, and where the scripts that were submitted are kept."""
    commands = tmp_path / "bin"
    commands.mkdir()
    for name, script in SLURM.items():
        (commands / name).write_text(script)
        (commands / name).chmod(stat.S_IRWXU)
    monkeypatch.setenv(
        "PATH", os.pathsep.join(map(str, (commands, Path(sys.prefix, "bin"), os.environ["PATH"])))
    )
    folder = tmp_path / "submitted"
    folder.mkdir()
    monkeypatch.setenv("SUBMITTED", str(folder))
    return folder


@needs_datatrove
def test_slurm_runs_the_script_that_a_dry_run_prints(
    pnews: Run, dumps: Path, out: Path, tmp_path: Path, submitted: Path
) -> None:
    command = (
        "cluster", "run", dumps, out, "--tasks", 2, "--executor", "slurm",
        "--partition", "cpu", "--time", "01:30:00", "--sbatch", "account=news",
    )  # fmt: skip
    printed = pnews(*command, "--dry-run")
    assert printed.status == 0
    assert not (out / "plan.json").exists()
    lines = printed.out.splitlines()
    assert lines[0] == "#!/bin/bash"
    for option in ("partition=cpu", "time=01:30:00", "account=news", "array=0-1", "mem-per-cpu=1G"):
        assert f"#SBATCH --{option}" in lines
    assert not any("qos" in line for line in lines)
    result = pnews(*command)
    log = submitted.with_name("submitted.log").read_text(encoding="utf-8", errors="replace")
    assert (result.status, result.err) == (0, "pnews: submitted as job 42\n"), log
    assert (submitted / "0.sh").read_text() == printed.out
    assert sorted(documents(out)) == sorted(batch(pnews, dumps, tmp_path))
    assert pnews(*command).err == "pnews: all 2 tasks are done\n"


@needs_datatrove
def test_slurm_where_there_is_none(
    pnews: Run, dumps: Path, out: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    command = ("cluster", "run", dumps, out, "--tasks", 1, "--executor", "slurm")
    result = pnews(*command, "--partition", "cpu")
    assert result.status == 2
    assert result.err == "pnews: sbatch: no such command; run this where Slurm is\n"

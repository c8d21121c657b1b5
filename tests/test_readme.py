"""The console blocks of the README and the pages of docs, and sessions of Python, as they stand."""

import doctest
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, SEED

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCKS = [
    block
    for page in PAGES
    for block in re.findall(
        r"```console\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.DOTALL
    )
]
SESSIONS = [
    tuple(part.split("\n", 1)) for block in BLOCKS for part in re.split(r"(?m)^\$ ", block)[1:]
]

PYTHON = re.findall(
    r"```python\n(>>> .*?)```",
    (ROOT / "docs" / "outputs.md").read_text(encoding="utf-8"),
    re.DOTALL,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the reader of a page sits: `file.txt` and `articles/`, `pnews` on the path."""
    folder = tmp_path_factory.mktemp("user")
    shutil.copy(SEED, folder / "file.txt")
    shutil.copytree(ROOT / "examples" / "articles", folder / "articles")
    return folder


def shell(command: str, folder: Path) -> str:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_there_are_recipes() -> None:
    assert len(SESSIONS) >= 8


@pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not installed: apt install jq")
@pytest.mark.parametrize(("command", "output"), SESSIONS)
def test_a_command_prints_what_the_page_says(command: str, output: str, folder: Path) -> None:
    for tool in re.findall(r"(?:^|\| )(sqlite3|tar) ", command):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed: apt install {tool}")
    assert shell(command, folder) == output


@pytest.mark.parametrize("session", PYTHON)
def test_a_python_session_prints_what_the_page_says(
    session: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip(session.split()[2], reason="the tests need pnews[dev]")
    for name in ("news.parquet", "news.csv"):
        if not (folder / name).exists():
            shell(f"pnews batch -q articles --date 2023-09-05 -o {name}", folder)
    monkeypatch.chdir(folder)
    test = doctest.DocTestParser().get_doctest(session, {}, "docs/outputs.md", None, None)
    said: list[str] = []
    doctest.DocTestRunner().run(test, out=said.append)
    assert not said, "".join(said)


@pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not installed: apt install jq")
def test_the_examples_run(folder: Path) -> None:
    examples = ROOT / "examples"
    people = shell(f"{sys.executable} {examples}/people.py file.txt", folder)
    places = shell(f"{examples}/places_of_folder.sh articles", folder)
    assert re.search(r"(?m)^\d+\t.*\tJoe Biden$", people)
    assert re.search(r"(?m)^ *\d+ Iran$", places)

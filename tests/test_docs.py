"""The pages of the site: those made from the code are current, every page is in the menu."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

from pnews.cli import COMMANDS

DOCS = ROOT / "docs"
sys.path.insert(0, str(DOCS))

import check_site  # noqa: E402 (docs/ is no package)
import generate  # noqa: E402
import hooks  # noqa: E402


@pytest.mark.parametrize("name", ["commands.md", "contract.md"])
def test_generated_pages_are_current(name: str) -> None:
    made = generate.pages()[name]

    assert (DOCS / name).read_text(encoding="utf-8") == made, "run: make docs-pages"


def test_the_generator_writes_each_of_its_pages() -> None:
    assert set(generate.pages()) == {"commands.md", "contract.md"}


def test_every_command_has_its_section() -> None:
    headings = re.findall(r"(?m)^## pnews (\S+)$", generate.pages()["commands.md"])

    assert headings == list(COMMANDS)


def test_every_page_is_in_the_menu() -> None:
    menu = set(re.findall(r"(?m)^ +- .+: (\S+\.md)$", (ROOT / "mkdocs.yml").read_text("utf-8")))

    assert menu == {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")}


def test_persian_words_in_code_stand_apart() -> None:
    page = (
        '<p title="باکو">باکو</p><pre><span title="باکو">["رئیس\u200cجمهور  ایران",14]</span></pre>'
    )

    assert hooks.on_page_content(page, page=None) == (
        '<p title="باکو">باکو</p><pre><span title="باکو">'
        '["<bdi>رئیس\u200cجمهور  ایران</bdi>",14]</span></pre>'
    )


def test_a_persian_sentence_in_code_stays_whole() -> None:
    said = "رئیس\u200cجمهور گفت: «50 درصد (همه) رشد می\u200cکند.»"

    assert hooks.on_page_content(f"<pre>$ echo '{said}'\n{said}</pre>") == (
        f"<pre>$ echo '<bdi>{said}</bdi>'\n<bdi>{said}</bdi></pre>"
    )


def built(folder: Path, page: str) -> "subprocess.CompletedProcess[str]":
    (folder / "index.html").write_text(page, encoding="utf-8")
    command = [sys.executable, str(DOCS / "check_site.py"), str(folder)]
    return subprocess.run(command, capture_output=True, text=True)


def test_a_site_of_its_own_files_passes(tmp_path: Path) -> None:
    page = (
        '<link rel="stylesheet" href="a.css"><a href="https://example.org">x</a><img src="a.svg">'
    )
    (tmp_path / "a.css").write_text("body { background: url(a.svg) }")

    assert built(tmp_path, page).returncode == 0


@pytest.mark.parametrize(
    "page",
    [
        '<link rel="stylesheet" href="https://fonts.example.org/vazir.css">',
        '<script src="//cdn.example.org/a.js"></script>',
        "<style>@import 'https://example.org/a.css'</style>",
        '<p style="background: url(http://example.org/a.png)">',
    ],
)
def test_what_a_site_fetches_from_elsewhere_is_named(tmp_path: Path, page: str) -> None:
    done = built(tmp_path, page)

    assert done.returncode == 1
    assert "example.org" in done.stderr


def test_a_site_that_is_not_built_is_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no pages; build the site first: make docs"):
        check_site.main(tmp_path)

"""The page of `pnews view`, read as a file; tests/test_browser.py reads it in a browser."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from conftest import ATTACK, SEED, SPOOF, Run, hostile

from pnews import data
from pnews.document import EntityType
from pnews.formats.page import Sheet, Where, is_linked

NEWS = "جو بایدن به باکو رفت.\nاو با الهام علیاف دیدار میکند."
LIMIT = 1_000_000


class Page(HTMLParser):
    """A page taken apart: its policy, its title, what stands in its scripts and styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inside: list[str] = []
        self.open = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.inside.append("")
        self.open = True

    def handle_endtag(self, tag: str) -> None:
        self.open = False

    def handle_data(self, data: str) -> None:
        if self.open:
            self.inside[-1] += data

    def within(self, tag: str, **attributes: str) -> list[str]:
        return [
            text
            for (name, found), text in zip(self.tags, self.inside, strict=True)
            if name == tag and attributes.items() <= found.items()
        ]

    @property
    def policy(self) -> str:
        (meta,) = [a for _, a in self.tags if a.get("http-equiv") == "Content-Security-Policy"]
        return str(meta["content"])

    @property
    def sheets(self) -> list[Sheet]:
        blocks = self.within("script", **{"class": "document"})
        return [msgspec.json.decode(text, type=Sheet) for text in blocks]


@pytest.fixture
def view(pnews: Run, tmp_path: Path) -> Any:
    """Runs `pnews view` on documents or texts, gives the page."""

    def run(*documents: dict[str, Any] | str) -> str:
        lines = [
            json.dumps({"text": each} if isinstance(each, str) else each, ensure_ascii=False)
            for each in documents
        ]
        page = tmp_path / "page.html"
        result = pnews("view", "-o", page, stdin="\n".join(lines) + "\n")
        assert (result.status, result.out, result.err) == (0, "", "")
        return page.read_text(encoding="utf-8")

    return run


def replay(sheet: Sheet) -> str:
    text, at = "", 0
    for edit in sheet.edits:
        text, at = text + sheet.text[at : edit.start] + edit.text, edit.end
    return text + sheet.text[at:]


def texts(sheet: Sheet, where: Where) -> tuple[str, str]:
    """What stands at a place in the text as read and in the normalised one."""
    start = where.start + where.shift
    return (
        sheet.text[where.start : where.start + where.length],
        replay(sheet)[start : start + where.length + where.growth],
    )


def test_spans_are_right_in_both_texts(pnews: Run) -> None:
    document = json.loads(pnews("annotate", SEED).out)
    (sheet,) = Page(pnews("view", SEED).out).sheets
    assert replay(sheet) == document["normalized"]
    marked = [texts(sheet, mention.where) for mention in sheet.mentions if not mention.role]
    assert marked == [(e["text"], e["normalized"]) for e in document["entities"]]
    offices = [texts(sheet, mention.where)[0] for mention in sheet.mentions if mention.role]
    assert sorted(offices) == sorted(r["text"] for c in document["clusters"] for r in c["roles"])
    for kind in ("blocks", "quotations"):
        parts = [texts(sheet, part.where) for part in getattr(sheet, kind)]
        assert len(parts) > 3
        assert [part for part, _ in parts] == [
            document["text"][part["start"] : part["end"]] for part in document[kind]
        ]
        for part, norm in parts:
            again = pnews("normalize", "-f", "text", stdin=part).out
            assert re.sub(r"[\s\u200c]", "", again) == re.sub(r"[\s\u200c]", "", norm)


def test_what_is_named_alone_is_one_name(view: Any) -> None:
    (sheet,) = Page(view("روز شنبه آمد. روز شنبه رفت. یکشنبه ماند.")).sheets
    assert [name.name for name in sheet.names] == ["روز شنبه", "یکشنبه"]
    assert [mention.name for mention in sheet.mentions] == [0, 0, 1]


def test_the_policy_names_the_one_script_and_the_one_style(view: Any) -> None:
    page = Page(view(NEWS))
    (script,) = [text for tag, text in zip(page.tags, page.inside, strict=True)
                 if tag == ("script", {})]  # fmt: skip
    (style,) = page.within("style")
    assert page.policy.startswith("default-src 'none'; ")
    for kind, text in (("script", script), ("style", style)):
        digest = b64encode(sha256(text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in page.policy
    assert "unsafe" not in page.policy


def test_a_page_asks_for_nothing(view: Any) -> None:
    page = Page(view(NEWS))
    assert not {"link", "img", "iframe", "object", "base", "form"} & {tag for tag, _ in page.tags}
    for _, attributes in page.tags:
        assert not {"src", "style", "onclick", "onload"} & set(attributes)
        assert attributes.get("href", "#").startswith("#")
    (style,) = page.within("style")
    assert "url(" not in style
    assert "@import" not in style


def test_the_script_makes_no_markup() -> None:
    script = data.path("page.js").read_text(encoding="utf-8")
    for sink in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(",
                 "Function(", "fetch(", "XMLHttpRequest", "localStorage", "cookie"):  # fmt: skip
        assert sink not in script


def test_a_hostile_document_is_data(view: Any) -> None:
    text = view(hostile(), hostile())
    page = Page(text)
    assert ATTACK not in text
    assert [tag for tag, _ in page.tags].count("script") == 4
    assert [sheet.text for sheet in page.sheets] == [hostile()["text"]] * 2
    for block in page.within("script", **{"class": "document"}):
        assert not re.search("[<>&\u2028\u2029\u202a-\u202e\u2066-\u2069]", block)
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", text)
    (title,) = page.within("title")
    assert title.startswith("\ufffdباکو</script>")


IDS = [
    ("wikidata", "Q6279", True),
    ("geonames", "587084", True),
    ("wikidata", "Q6279\n", False),
    ("wikidata", "Q0", False),
    ("wikidata", "q6279", False),
    ("wikidata", "Q6279/../../evil", False),
    ("wikidata", "Q۶۲۷۹", False),
    ("wikidata", "javascript:alert(1)", False),
    ("geonames", "587084?x", False),
    ("iso3166", "IR", False),
    ("https://evil.test/", "Q6279", False),
]


@pytest.mark.parametrize(("authority", "id", "linked"), IDS)
def test_only_ids_that_look_as_they_must_are_linked(authority: str, id: str, linked: bool) -> None:
    assert is_linked(authority, id) is linked


def test_a_span_outside_the_text_is_refused(pnews: Run, tmp_path: Path) -> None:
    for field, key in (("entities", "norm_end"), ("quotations", "end"), ("blocks", "end")):
        document = hostile()
        document["id"] = "a.txt"
        document[field][0][key] = 9999
        result = pnews("view", "-o", tmp_path / "p.html", stdin=json.dumps(document))
        assert result.status == 2
        assert "leaves the text; annotate it again" in result.err
        assert result.err.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_a_page_is_small(view: Any) -> None:
    sentence = "وزیر امور خارجه ایران روز سه\u200cشنبه در تهران با همتای خود دیدار کرد. "
    text = sentence * 300
    page = view(text)
    assert len(page.encode()) - len(text.encode()) < LIMIT
    assert len(view("خبر کوتاه").encode()) < 60_000


def test_documents_keep_their_order_and_text_is_annotated_first(pnews: Run, view: Any) -> None:
    done = json.loads(pnews("annotate", "--id", "done", stdin=NEWS).out)
    sheets = Page(view(NEWS, done, {"text": NEWS, "id": "last"})).sheets
    assert [sheet.id for sheet in sheets] == ["-:1", "done", "last"]
    assert sheets[0].mentions == sheets[1].mentions == sheets[2].mentions != []


def test_what_is_annotated_is_shown_as_it_is() -> None:
    code = (
        "import sys; from pnews.cli import main\n"
        "sys.argv = ['pnews', 'view', '-o', '-']\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(sorted({'numpy', 'onnxruntime', 'rich'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=json.dumps(hostile()).encode(), capture_output=True
    )
    assert done.stderr == b"[]\n"
    (sheet,) = Page(done.stdout.decode()).sheets
    assert [name.name for name in sheet.names] == [f"{SPOOF}باکو{ATTACK}"]


def test_own_fields_of_a_record_are_cut(view: Any) -> None:
    record = {"text": NEWS, "url": "https://a.test", "page": "x" * 5000, "tags": ["الف"]}
    (sheet,) = Page(view(record)).sheets
    assert sheet.extra == (
        ("url", "https://a.test"),
        ("page", "x" * 200 + "…"),
        ("tags", '["الف"]'),
    )


def test_a_page_goes_to_standard_output_too(pnews: Run) -> None:
    out = pnews("view", stdin=NEWS).out
    assert out == pnews("view", "-o", "-", stdin=NEWS).out
    assert out.startswith("<!doctype html>")


def browser(folder: Path, status: int = 0) -> Path:
    """A program in the place of a browser, that writes down what it is to show."""
    program = folder / "browser"
    program.write_text(f'#!/bin/sh\necho "$1" > {folder}/asked\nexit {status}\n')
    program.chmod(0o755)
    return program


def view_in(browser: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    folder = browser.parent
    return subprocess.run(
        [sys.executable, "-c", "from pnews.cli import main; main()", "view", *arguments],
        input=NEWS, capture_output=True, text=True, cwd=folder,
        env={**os.environ, "BROWSER": f"{browser} %s", "TMPDIR": str(folder)},
    )  # fmt: skip


def test_a_page_is_opened(tmp_path: Path) -> None:
    done = view_in(browser(tmp_path), "--open")
    assert (done.returncode, done.stdout) == (0, "")
    address = (tmp_path / "asked").read_text().strip()
    assert done.stderr == f"pnews: opened {address.removeprefix('file://')}\n"
    assert Path(address.removeprefix("file://")).read_text(encoding="utf-8").endswith("</html>\n")
    named = view_in(browser(tmp_path), "--open", "-o", "mine.html")
    assert named.returncode == 0
    assert (tmp_path / "asked").read_text().strip() == (tmp_path / "mine.html").as_uri()


def test_no_page_is_left_where_none_is_made(tmp_path: Path) -> None:
    done = view_in(browser(tmp_path), "--open", "missing.txt")
    assert done.returncode == 2
    assert [path.name for path in tmp_path.iterdir()] == ["browser"]


def test_where_no_browser_opens_the_page_stays(tmp_path: Path) -> None:
    code = "import webbrowser; webbrowser.open = lambda _: False\n"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}from pnews.cli import main; main()", "view", "--open"],
        input=NEWS, capture_output=True, text=True, env={**os.environ, "TMPDIR": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 1
    (page,) = tmp_path.glob("pnews-*/page.html")
    assert done.stderr == f"pnews: no browser found here; open {page} in one\n"


WRONG = [
    (["--open", "-o", "-"], "--open needs a file"),
    (["--terminal", "--open"], "--open shows a page"),
    (["--bidi", "left"], "'left' is not one of 'auto', 'on', 'off'"),
]


@pytest.mark.parametrize(("arguments", "words"), WRONG)
def test_wrong_usage_is_told(pnews: Run, arguments: list[str], words: str) -> None:
    result = pnews("view", *arguments, stdin=NEWS)
    assert result.status == 2
    assert words in result.err


def test_nothing_to_view_is_told(pnews: Run, tmp_path: Path) -> None:
    (tmp_path / "none.jsonl").write_text('{"text": ""}\n')
    assert pnews("view", tmp_path / "none.jsonl").status == 2


def colours(scheme: str) -> dict[str, str]:
    """The page's colours in light or dark, by name."""
    style = data.path("page.css").read_text(encoding="utf-8")
    roots = re.findall(r":root \{(.*?)\}", style, flags=re.DOTALL)
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})", roots[0]))
    if scheme == "dark":
        found |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})", roots[1]))
    return found


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_computed_as_the_standard_has_it() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_can_be_read(scheme: str) -> None:
    found = colours(scheme)
    for kind in get_args(EntityType):
        assert contrast(found["ink"], found[kind]) >= 7, kind
        assert contrast(found[f"{kind}-edge"], found[kind]) >= 4.5, kind
        assert contrast(found[f"{kind}-edge"], found["paper"]) >= 4.5, kind
    for one, other in (("soft", "paper"), ("soft", "panel"), ("accent", "paper"), ("ink", "panel")):
        assert contrast(found[one], found[other]) >= 4.5, (one, other)
    assert contrast(found["hit-ink"], found["hit"]) >= 7


def test_each_type_has_its_word_and_its_colour() -> None:
    words = {kind: several for kind, _, several, _ in data.rows("entity_types")}
    assert set(words) == set(get_args(EntityType))
    assert len(set(words.values())) == len(words)
    style = data.path("page.css").read_text(encoding="utf-8")
    assert all(f".{kind} {{ --tint" in style for kind in words)

"""What a person sees on a terminal: the marked text, the table, right-to-left lines turned."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from conftest import SEED, Run, hostile
from hypothesis import given
from hypothesis import strategies as st
from rich.text import Text

from pnews.formats.bidi import shown, turned, visual

Z = "\u200c"
NEWS = f"جو بایدن به باکو رفت.\nاو با الهام علی{Z}اف دیدار کرد."
FORMS = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]")


def plain(text: str) -> str:
    """Presentation forms as the letters they are forms of."""
    return FORMS.sub(lambda found: unicodedata.normalize("NFKC", found.group()), text)


CASES = [
    ("باکو", "وکاب"),
    (f"علی{Z}اف", "فایلع"),
    ("سال ۲۰۲۰ بود", "دوب ۲۰۲۰ لاس"),
    ("(باکو)", "(وکاب)"),
    ("«باکو» گفت:", ":تفگ «وکاب»"),
    ("گروه AFC در باکو", "وکاب رد AFC هورگ"),
    ("مدّت", "تدّم"),
    ("۲.۵ درصد", "دصرد ۲.۵"),
]


@pytest.mark.parametrize(("line", "seen"), CASES)
def test_a_line_is_turned(line: str, seen: str) -> None:
    assert plain(visual(Text(line)).plain) == seen


def test_letters_have_the_forms_they_have_beside_each_other() -> None:
    final_yeh = unicodedata.lookup("ARABIC LETTER FARSI YEH FINAL FORM")
    medial_yeh = unicodedata.lookup("ARABIC LETTER FARSI YEH MEDIAL FORM")
    assert final_yeh in visual(Text(f"علی{Z}اف")).plain
    assert medial_yeh in visual(Text("علیها")).plain


def test_a_mark_stays_on_its_letter() -> None:
    seen = visual(Text("مدّت")).plain
    at = seen.index("\u0651")
    assert plain(seen[at - 1]) == "د"


def test_a_colour_goes_where_its_letters_go() -> None:
    line = Text.assemble("در ", ("باکو", "red"), " گفت")
    seen = visual(line)
    (red,) = [
        plain(seen.plain[span.start : span.end]) for span in seen.spans if span.style == "red"
    ]
    assert red == "وکاب"


PERSIAN = st.text("ابپتچکگیهوAZaz09۰۹«»().،: \u0651\u200c\u200f")


@given(PERSIAN)
def test_turning_loses_and_adds_nothing_that_shows(text: str) -> None:
    text = text.lstrip("\u0651\u200c\u200f")
    one_way = str.maketrans("»)", "«(")  # brackets may be mirrored
    letters = [c for c in text.translate(one_way) if unicodedata.category(c) != "Cf"]
    assert sorted(plain(visual(Text(text)).plain).translate(one_way)) == sorted(letters)
    assert visual(Text(text)).cell_len == Text(text).cell_len


TERMINALS = [
    ({"VTE_VERSION": "7006"}, False),
    ({"VTE_VERSION": "5202", "XTERM_VERSION": "XTerm(379)"}, True),
    ({"KONSOLE_VERSION": "220401"}, False),
    ({"TERM_PROGRAM": "Apple_Terminal"}, False),
    ({"WT_SESSION": "1f"}, True),
    ({"TERM": "alacritty"}, True),
    ({"XTERM_VERSION": "XTerm(379)"}, True),
    ({"XTERM_VERSION": "XTerm(379)", "VTE_VERSION": "7006"}, False),
    ({"XTERM_VERSION": "XTerm(379)", "TMUX": "/tmp/tmux-0/default,1,0"}, False),
    ({"TERM": "xterm-kitty"}, False),
    ({}, False),
]


@pytest.mark.parametrize(("environ", "wanted"), TERMINALS)
def test_lines_are_turned_where_the_terminal_is_known_not_to(
    environ: dict[str, str], wanted: bool
) -> None:
    assert turned("auto", environ, terminal=True) is wanted
    assert turned("auto", environ, terminal=False) is False
    assert turned("on", environ, terminal=False) is True
    assert turned("off", environ, terminal=True) is False


def test_control_characters_are_shown() -> None:
    assert shown(f"\x1b[31m\u202eعلی{Z}اف\u2067\t") == f"[U+001B][31m[U+202E]علی{Z}اف[U+2067]\t"


def test_without_colours_mentions_stand_in_brackets(pnews: Run) -> None:
    assert pnews("view", "--terminal", "--id", "a", stdin=NEWS).out == (
        f"a\n\n[جو بایدن PER] به [باکو LOC] رفت.\nاو با [الهام علی{Z}اف PER] دیدار کرد.\n"
    )


def test_lines_are_cut_to_the_width_by_what_shows(pnews: Run) -> None:
    word = f"می{Z}رَوَند"  # 9 code points, 6 columns
    out = pnews("view", "--terminal", "--id", "a", stdin=f"{word} " * 40).out
    lines = out.splitlines()[2:]
    assert [line.count(f"می{Z}") for line in lines] == [11, 11, 11, 7]


def test_turned_lines_stand_at_the_right(pnews: Run) -> None:
    out = pnews("view", "--terminal", "--bidi", "on", SEED).out
    lines = [line for line in out.splitlines()[2:] if line]
    assert len(lines) > 20
    assert {Text(line).cell_len for line in lines} == {80}
    assert plain(lines[0]).endswith("[PER ندیاب] همان")


def test_a_hostile_document_sends_no_controls(pnews: Run) -> None:
    document = json.dumps(hostile())
    for arguments in (["view", "--terminal"], ["resolve", "-f", "table"]):
        out = pnews(*arguments, stdin=document).out
        assert "U+202E" in out
        assert not re.search("[\x1b\u202a-\u202e\u2067]", out)


def test_the_table_is_turned_too(pnews: Run) -> None:
    off = pnews("annotate", "-f", "table", stdin=NEWS).out
    on = pnews("annotate", "-f", "table", "--bidi", "on", stdin=NEWS).out
    assert f"الهام علی{Z}اف" in off
    assert "فایلع ماهلا" in plain(on)
    assert {Text(line).cell_len for line in on.splitlines()[1:]} == (
        {Text(line).cell_len for line in off.splitlines()[1:]}
    )


def test_the_table_reads_values_as_people_write_them(pnews: Run) -> None:
    out = pnews("annotate", "-f", "table", stdin="بهای نفت به ۸۵ دلار رسید.").out
    assert "85 USD" in out


def on_terminal(
    folder: Path, *arguments: str, columns: int = 80, **environ: str
) -> tuple[int, str]:
    """The exit status of the command on a terminal of so many columns, and what it writes there."""
    ours, theirs = pty.openpty()
    code = "from pnews.cli import main; main()"
    clean = {
        k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "TMUX", "STY", "VTE_VERSION")
    }
    process = subprocess.Popen(
        [sys.executable, "-c", code, *arguments], stdin=subprocess.DEVNULL, stdout=theirs,
        cwd=folder, env={**clean, "TERM": "xterm-256color", "COLUMNS": str(columns), **environ},
    )  # fmt: skip
    os.close(theirs)
    out = b""
    while True:
        try:
            piece = os.read(ours, 4096)
        except OSError:
            break
        if not piece:
            break
        out += piece
    os.close(ours)
    return process.wait(), out.decode().replace("\r\n", "\n")


def test_a_terminal_gets_colours_and_no_color_takes_them(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(NEWS, encoding="utf-8")
    _, coloured = on_terminal(tmp_path, "view", "--terminal", "a.txt")
    assert re.search("\x1b\\[[0-9;]*m جو بایدن PER ", coloured)
    _, bare = on_terminal(tmp_path, "view", "--terminal", "a.txt", NO_COLOR="1")
    assert "\x1b" not in bare
    assert "[جو بایدن PER]" in bare


@pytest.mark.parametrize("columns", [80, 160])
def test_lines_fill_a_terminal_and_no_more(tmp_path: Path, columns: int) -> None:
    for bidi in ("on", "off"):
        _, out = on_terminal(
            tmp_path, "view", "--terminal", "--bidi", bidi, str(SEED), columns=columns, NO_COLOR="1"
        )
        widths = {Text(line).cell_len for line in out.splitlines()[2:] if line.strip()}
        assert widths == {columns}


def test_a_page_is_not_thrown_at_a_terminal(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(NEWS, encoding="utf-8")
    assert on_terminal(tmp_path, "view", "a.txt") == (2, "")


def test_a_closed_pipe_ends_a_view_quietly(tmp_path: Path) -> None:
    code = "from pnews.cli import main; main()"
    for arguments in (["view", "--terminal"], ["annotate", "-f", "table"]):
        process = subprocess.Popen(
            [sys.executable, "-c", code, *arguments, str(SEED)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 141

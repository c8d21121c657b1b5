"""The page that `make bench` writes, from figures that aren't measured here."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

sys.path.insert(0, str(ROOT / "benchmarks"))

import beside_others
import peers
from beside_others import Chain, Figures, Tagger, Text

FIGURES = Figures(
    head="2026-11-26, 2 cores of an AMD EPYC, load 0.1 at the start",
    normalizing={"pnews": Text(670_000, 0.15, 124), "pnews safe": Text(650_000, 0.16, 125)},
    tokenizing={"pnews": Text(123_456, 0.2, 90)},
    disk={"pnews": (34_700_000, 323_700_000)},
    taggers={
        "pnews fast": Tagger(34_700, 50_000, 0.832),
        "BERT-base shape, fp32": Tagger(338, 600, None),
        "hazm SequenceTagger (CRF)": Tagger(289_271, None, 0.7),
        "pnews open": Tagger(1_000, None, None),
    },
    bytes_a_word=10.24,
    chain={"fast": Chain(120, 60_000, 210)},
    start={"pnews annotate": 0.531},
)


def rows(text: str) -> list[list[str]]:
    return [
        [cell.strip() for cell in line.strip("| ").split("|")]
        for line in text.splitlines()
        if line.startswith("|")
    ]


def test_an_article_is_a_kilobyte() -> None:
    assert FIGURES.articles(100) == pytest.approx(1)


def test_the_page_has_each_figure() -> None:
    found = rows(beside_others.page(FIGURES))

    assert ["pnews fast", "347.0", "500.0", "34,700", "50,000", "0.832"] in found
    assert ["BERT-base shape, fp32", "3.4", "6.0", "338", "600", "random weights"] in found
    assert ["hazm SequenceTagger (CRF)", "2,892.7", "–", "289,271", "–", "0.700"] in found
    assert ["pnews open", "10.0", "–", "1,000", "–", "–"] in found
    assert ["pnews", "670,000", "123,456", "0.15", "124", "35 / 324"] in found
    assert ["pnews safe", "650,000", "–", "0.16", "125", ""] in [[*row[:5], ""] for row in found]
    assert ["fast", "120", "60,000", "210"] in found
    assert ["`pnews annotate`", "0.53"] in found


def test_the_summary_says_how_many_times_slovnet_that_is() -> None:
    text = beside_others.summary(FIGURES)

    assert "`pnews fast` is 14 times the 25.3 articles/s" in text
    assert ["pnews fast", "347.0", "34,700", "0.832"] in rows(text)


def test_only_what_is_between_the_marks_is_made_anew() -> None:
    begin, end = beside_others.BEGIN, beside_others.END

    made = beside_others.between_marks(f"a\n{begin}old\n{end}b\n", "new\n")

    assert made == f"a\n{begin}new\n{end}b\n"
    with pytest.raises(SystemExit, match="put them where it belongs"):
        beside_others.between_marks("a\n", "new\n")


def test_readme_has_the_marks() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert beside_others.between_marks(readme, "x\n").count("x\n") >= 1


def test_the_plot_names_each_tagger() -> None:
    pytest.importorskip("matplotlib")
    svg = beside_others.plot({"pnews fast": (346, 0.832), "BERT-base shape, fp32": (3.4, None)})

    drawn = [text.strip() for text in re.findall(r"<text [^>]*>([^<]+)</text>", svg)]
    assert {"pnews fast", "BERT-base shape, fp32, speed alone", "F1, PEYMA dev"} <= set(drawn)
    assert "http" not in re.sub(
        r'xmlns[^ >]*"[^"]*"|<metadata>.*?</metadata>|<!.*?>', "", svg, flags=re.S
    )


def test_texts_are_taken_until_there_are_enough_characters() -> None:
    assert beside_others.first(["۱۲۳", "۴۵", "۶"], 4) == ["۱۲۳", "۴۵"]


def test_the_f1_of_labels() -> None:
    gold = [["B-PER", "I-PER", "O"], ["B-LOC"]]
    tagged = [[("حسن", "B-PER"), ("روحانی", "O"), ("رفت", "O")], [("تهران", "B-LOC")]]

    assert beside_others.crf_f1(tagged, gold) == pytest.approx(0.5)


def test_pnews_tokens_as_the_peers_give_them() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks/peers.py"), "pnews", "tokenize"],
        input="دیدار وزیران. کتاب\u200cها.\n",
        capture_output=True,
        check=True,
        text=True,
    )

    assert done.stdout == "دیدار وزیران . کتاب\u200cها .\n"


def test_the_size_of_a_package_is_that_of_its_files_and_of_what_it_needs() -> None:
    own, whole = peers.sizes("pnews")

    packs = sum(path.stat().st_size for path in Path(ROOT / "src/pnews/data").glob("*.pack"))
    assert packs < own < whole

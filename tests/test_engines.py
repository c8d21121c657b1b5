"""Foreign normalisers, aligned to their source."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pnews.aligned import AlignedText
from pnews.errors import EngineError
from pnews.normalize import engines

LETTERS = st.text(alphabet="ابپیيکكمهۀ۱1٤ .،ـ\u200cًﻻ", max_size=40)


def aligned(source: str, output: str) -> AlignedText:
    return AlignedText.from_edits(source, engines.align(source, output))


CASES = [
    ("مي كند", "می\u200cکند"),
    ("گفت : او", "گفت: او"),
    ("۱۲.۵ درصد", "۱۲ ٫ ۵ درصد"),
    ("سلاممممم دنیا", "سلام دنیا"),
    ("ﷲ اکبر", "الله اکبر"),
    ("", ""),
    ("...", "…"),
    ("تهران", " تهران "),
    ("محمد رفت", "محمد"),
]


@pytest.mark.parametrize(("source", "output"), CASES)
def test_the_edits_make_the_output(source: str, output: str) -> None:
    assert aligned(source, output).text == output


@given(LETTERS, LETTERS)
def test_any_output_is_made_or_refused(source: str, output: str) -> None:
    try:
        made = aligned(source, output)
    except ValueError:
        return
    assert made.text == output


def test_a_word_after_a_shortened_one_keeps_its_place() -> None:
    made = aligned("سلاممممم دنیا", "سلام دنیا")
    assert made.source_span(5, 9) == (9, 13)


def test_another_text_is_refused() -> None:
    with pytest.raises(ValueError, match="near character"):
        aligned("خبرگزاری فارس " * 20, "روزنامه همشهری " * 20)


@pytest.mark.parametrize("name", ["hazm", "parsivar"])
def test_the_engines_keep_true_offsets(name: str, seed_text: str) -> None:
    pytest.importorskip(name)
    made = engines.engine(name)(seed_text)
    assert made.source == seed_text
    assert made.text.count("\n") == seed_text.count("\n")
    start = made.text.index("پاشینیان")
    source_start, source_end = made.source_span(start, start + 8)
    assert seed_text[source_start:source_end] == "پاشینیان"


def test_an_engine_that_loses_the_text_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "_load", lambda _: lambda line: line[::-1])
    with pytest.raises(EngineError, match=r"hazm changed line 2 beyond alignment.*--normalizer"):
        engines.engine("hazm")("آآ\n" + "وزیر امور خارجه روسیه در نشست خبری سخن گفت " * 3)

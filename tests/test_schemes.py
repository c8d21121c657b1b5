"""Labels to spans and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pnews.entities import schemes
from pnews.entities.schemes import Span
from pnews.errors import InputError

TYPES = schemes.types("news")
LABELS = schemes.alphabet(TYPES)


@st.composite
def sentences_of_spans(draw: st.DrawFn) -> tuple[list[Span], int]:
    spans: list[Span] = []
    at = 0
    for gap, length, type_ in draw(
        st.lists(st.tuples(st.integers(0, 3), st.integers(1, 4), st.sampled_from(TYPES)))
    ):
        spans.append(Span(at + gap, at + gap + length, type_))
        at += gap + length
    return spans, at + draw(st.integers(0, 3))


@given(sentences_of_spans())
def test_spans_survive_labels(sentence: tuple[list[Span], int]) -> None:
    spans, length = sentence

    assert schemes.spans(schemes.labels(spans, length)) == spans


@given(st.lists(st.sampled_from(LABELS)))
def test_any_labels_decode_to_ascending_spans_of_their_types(labels: list[str]) -> None:
    spans = schemes.spans(labels)

    covered = [i for span in spans for i in range(span.start, span.end)]
    assert covered == [i for i, label in enumerate(labels) if label != "O"]
    assert all(labels[i][2:] == span.type for span in spans for i in range(span.start, span.end))


def test_a_stray_inside_label_begins_a_span() -> None:
    labels = ["I-PER", "O", "B-LOC", "I-ORG", "I-ORG"]

    assert schemes.spans(labels) == [Span(0, 1, "PER"), Span(2, 3, "LOC"), Span(3, 5, "ORG")]


def test_two_beginnings_are_two_spans() -> None:
    assert schemes.spans(["B-LOC", "B-LOC"]) == [Span(0, 1, "LOC"), Span(1, 2, "LOC")]


def test_outside_comes_first_among_the_labels() -> None:
    assert schemes.alphabet(["PER", "LOC"]) == ("O", "B-PER", "I-PER", "B-LOC", "I-LOC")


def test_a_span_is_as_sure_as_its_labels_on_the_geometric_mean() -> None:
    assert schemes.sureness([0.9]) == 0.9
    assert schemes.sureness([1.0, 0.25]) == 0.5
    assert schemes.sureness([1.0] * 5000) == 1.0


def test_the_default_scheme_has_all_ten_types() -> None:
    assert schemes.names()[0] == "news"
    assert len(TYPES) == 10


def test_peyma_has_no_facilities() -> None:
    assert "FAC" not in schemes.types("peyma")


def test_an_unknown_scheme_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InputError, match="'conll' is unknown; choose from news, peyma, arman"):
        schemes.types("conll")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("O", True), ("B-PER", True), ("I-LOC", True), ("B-", False), ("PER", False), ("", False)],
)
def test_labels_are_told_from_other_words(text: str, wanted: bool) -> None:
    assert schemes.is_label(text) is wanted

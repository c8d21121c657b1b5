"""The laws of AlignedText."""

from hypothesis import given
from hypothesis import strategies as st

from pnews.aligned import AlignedText

TEXT = st.text(alphabet="ابی کم\u200cxy", max_size=30)


@st.composite
def cuts(draw: st.DrawFn, length: int) -> list[tuple[int, int, str]]:
    places = sorted(draw(st.lists(st.integers(0, length), max_size=8)))
    pairs = zip(places[::2], places[1::2], strict=False)
    return [(start, end, draw(st.text("ابی\u200c", max_size=3))) for start, end in pairs]


@st.composite
def aligned_texts(draw: st.DrawFn) -> AlignedText:
    aligned = AlignedText.identity(draw(TEXT))
    for _ in range(draw(st.integers(0, 4))):
        aligned = aligned.replace(draw(cuts(len(aligned.text))))
    return aligned


@given(aligned_texts())
def test_ranges_ascend_and_stay_inside_the_source(aligned: AlignedText) -> None:
    before = 0
    for first, last in aligned.groups():
        start, end = aligned.starts[first], aligned.ends[first]
        assert before <= start <= end <= len(aligned.source)
        assert set(aligned.starts[first:last]) == {start}
        assert set(aligned.ends[first:last]) == {end}
        before = end


@given(aligned_texts())
def test_edits_lead_from_the_source_to_the_same_alignment(aligned: AlignedText) -> None:
    assert AlignedText.from_edits(aligned.source, aligned.edits()) == aligned


@given(aligned_texts(), st.data())
def test_a_source_range_leads_to_the_characters_that_came_from_it(
    aligned: AlignedText, data: st.DataObject
) -> None:
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(aligned.source))] * 2)))
    found = range(*aligned.text_span(start, end))
    for i, (first, last) in enumerate(zip(aligned.starts, aligned.ends, strict=True)):
        if first < last and start < end:
            assert (i in found) == (first < end and start < last)


@given(TEXT, st.data())
def test_replacing_all_at_once_gives_what_replacing_from_the_end_gives(
    text: str, data: st.DataObject
) -> None:
    chosen = data.draw(cuts(len(text)))
    plain = text
    for start, end, new in reversed(chosen):
        plain = plain[:start] + new + plain[end:]
    assert AlignedText.identity(text).replace(chosen).text == plain


def test_a_replacement_stands_for_all_that_it_replaces() -> None:
    aligned = AlignedText.identity("سلاممم دنیا").replace([(3, 6, "م")])

    assert aligned.text == "سلام دنیا"
    assert aligned.source_span(0, 4) == (0, 6)
    assert aligned.edits() == [(3, 6, "م")]


def test_an_insertion_has_an_empty_range() -> None:
    aligned = AlignedText.identity("میکند").replace([(2, 2, "\u200c")])

    assert aligned.text == "می\u200cکند"
    assert aligned.source_span(2, 3) == (2, 2)
    assert aligned.source_span(0, 6) == (0, 5)


def test_a_cut_through_a_ligature_widens_to_the_ligature() -> None:
    ligature = AlignedText.identity("xﻻy").replace([(1, 2, "لا")])

    cut = ligature.replace([(2, 4, "z")])

    assert cut.text == "xلz"
    assert cut.edits() == [(1, 3, "لz")]


def test_edits_out_of_order_are_refused() -> None:
    for edits in ([(2, 1, "")], [(0, 2, "x"), (1, 3, "y")], [(0, 9, "")]):
        try:
            AlignedText.from_edits("abc", edits)
        except ValueError as error:
            assert "edit at" in str(error)
        else:
            raise AssertionError(edits)

"""Blocks of a page."""

from pnews.aligned import AlignedText
from pnews.article.blocks import blocks


def kinds(text: str) -> list[tuple[str, int | None]]:
    return [(block.kind, block.repeats) for block in blocks(AlignedText.identity(text))]


def test_a_first_line_without_a_full_stop_is_the_title() -> None:
    assert kinds("سفر وزیر خارجه به مسکو\n\nوزیر خارجه رفت.") == [("title", None), ("body", None)]


def test_a_first_line_with_a_full_stop_is_body() -> None:
    assert kinds("وزیر خارجه رفت.\nاو آمد.") == [("body", None), ("body", None)]


def test_a_text_of_one_line_has_no_title() -> None:
    assert kinds("وزیر خارجه رفت") == [("body", None)]


def test_a_long_first_line_is_body() -> None:
    assert kinds("وزیر " * 60 + "\nاو آمد.")[0] == ("body", None)


def test_repeated_headlines_are_marked_whatever_their_spacing() -> None:
    text = "سفر علی\u200cاف\nسفر علی اف\nمتن خبر.\n«سفر علیاف»\n"
    assert kinds(text) == [("title", None), ("title", 0), ("body", None), ("title", 0)]


def test_lines_of_marks_alone_repeat_only_themselves() -> None:
    assert kinds("خبر\nمتن.\n***\n---\n***")[2:] == [("body", None), ("body", None), ("body", 2)]


def test_offsets_are_those_of_the_source() -> None:
    aligned = AlignedText.identity("خبررر تازه\n\nمتن.").replace([(2, 5, "ر")])
    assert [(b.start, b.end) for b in blocks(aligned)] == [(0, 10), (12, 16)]

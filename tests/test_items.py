"""A text as items: the laws, and what is remembered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pnews.normalize.items import LINE_END, LONGEST, Items, Memo, items_of, text_of

TEXT = st.text("آب  \n.", max_size=30)


Known = tuple[str, str]


def known(item: str) -> Known:
    return item[:1] or "-", item


def items(text: str) -> Items[Known]:
    return Items.of(text, Memo(known, 9))


@given(TEXT)
def test_items_make_the_text_they_came_of(text: str) -> None:
    assert text_of(items_of(text)) == text


@given(st.lists(TEXT).map(" ".join), st.integers(1, 9))
def test_a_text_is_taken_apart_piece_by_piece(text: str, piece: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pnews.normalize.items.PIECE", piece)
        found = items(text)
    assert found.known == list(map(known, items_of(text)))
    assert found.text == text


@given(TEXT)
def test_items_stand_at_their_offsets(text: str) -> None:
    found = items(text)
    words = [number for number, (_, item) in enumerate(found.known) if item != LINE_END]
    for number, at in zip(words, found.offsets(words), strict=True):
        assert text.startswith(found.known[number][1], at)


@given(TEXT)
def test_items_fall_into_lines(text: str) -> None:
    assert [line.text for line in items(text).lines()] == text.split(LINE_END)


@given(TEXT, TEXT)
def test_changed_items_are_as_if_made_anew(text: str, new: str) -> None:
    found = items(text)
    line = found.line(len(found.known) // 2)
    changed = found.changed([(line, items(new))])
    before, behind = found.known[: line.start], found.known[line.stop :]
    assert changed.known == [*before, *map(known, items_of(new)), *behind]
    assert changed.classes == Items(changed.known).classes


def test_a_memo_asks_once_and_forgets_when_it_is_full() -> None:
    asked: list[str] = []

    def find(text: str) -> int:
        asked.append(text)
        return len(text)

    memo = Memo(find, 2)
    assert [memo[text] for text in ("آ", "آب", "آ", "آبی", "آ")] == [1, 2, 1, 3, 1]
    assert asked == ["آ", "آب", "آبی", "آ"]


def test_a_memo_keeps_no_text_without_end() -> None:
    memo = Memo(len, 2)
    assert memo["آ" * (LONGEST + 1)] == LONGEST + 1
    assert not memo

"""A text as items: the laws, and what is remembered."""

from hypothesis import given
from hypothesis import strategies as st

from pnews.normalize.items import LINE_END, LONGEST, Items, Memo, items_of, text_of

TEXT = st.text("آب  \n.", max_size=30)


def first(item: str) -> str:
    return item[:1] or "-"


def items(text: str) -> Items[str]:
    return Items(items_of(text), Memo(first, 9))


@given(TEXT)
def test_items_make_the_text_they_came_of(text: str) -> None:
    assert text_of(items_of(text)) == text


@given(TEXT)
def test_items_stand_at_their_offsets(text: str) -> None:
    found = items(text)
    words = [number for number, item in enumerate(found.items) if item != LINE_END]
    for number, at in zip(words, found.offsets(words), strict=True):
        assert text.startswith(found.items[number], at)


@given(TEXT, TEXT)
def test_changed_items_are_as_if_made_anew(text: str, new: str) -> None:
    found = items(text)
    line = found.line(len(found.items) // 2)
    changed = found.changed([(line, items_of(new))])
    anew = Items(changed.items, Memo(first, 9))
    assert changed.items == [*found.items[: line.start], *items_of(new), *found.items[line.stop :]]
    assert (changed.known, changed.classes) == (anew.known, anew.classes)


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

"""What is written in C does what the Python beside it does."""

import gc
import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pnews.normalize import gaps, items, spellings
from pnews.normalize.characters import SETTLED, class_of
from pnews.normalize.gaps import ITEMS, Gaps, Item
from pnews.normalize.items import Items, Memo
from pnews.normalize.spellings import pack_table

quick = pytest.importorskip("pnews.normalize._quick", reason="built without a compiler")

SIGNS = st.text("ab \n\xe9یم\u200c\U0001f600\ud800", max_size=40)
NEWS = "در نامه ای به رسانه های ما نامهای «که میکند می کند». چشمه سار کتاب 20 \n رسانه\u200cها"
WORDS = st.lists(st.sampled_from(NEWS.split(" ")), max_size=30).map(" ".join)


def in_python(ask: Callable[[], object]) -> object:
    """What a question gives without the extension."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (items, gaps):
            patch.setattr(module, "quick", None)
        return ask()


def known(item: str) -> tuple[str, str]:
    return item[:1] or "-", item


def apart(text: object, know: object) -> object:
    return quick.apart(text, know, quick.kept(None, 9))


def broken(item: str) -> tuple[str, str]:
    raise LookupError(item)


def two(head: str, tail: str) -> list[tuple[str, ...]]:
    """What is known of two pieces."""
    return [("x", piece, piece, piece) for piece in (head, tail)]


TABLE, NONE = pack_table({"a a": 136}), pack_table({})
"""One pair with log-odds of 1; nothing."""

CODES = tuple(map(chr, range(64, 96)))


def tables(
    settled: bytes = NONE,
    pairs: bytes = TABLE,
    odds: tuple[object, ...] = spellings.ODDS,
    codes: tuple[str, ...] = CODES,
    type: object = tuple,
) -> object:
    """What C is to know, with some of it changed."""
    return quick.tables(settled, pairs, 0, odds, codes, type)


def spaced(**given: object) -> object:
    """The pairs of two items, with some of what is given to the C function changed."""
    usual = {
        "known": [("x", "a", "a", "a")] * 2,
        "classes": b"xx",
        "before": b"\1" * 256,
        "behind": b"\3" * 256,
        "tables": tables(),
        "pairs": {"a a": (("a", "a"), 1.0)},
        "least": 0.0,
    }
    return quick.spaced(*(usual | given).values())


def common_item(item: str) -> Item | None:
    """What C tells of an item by itself."""
    return known_without_a_memo(item, gaps._tables())


def known_without_a_memo(item: str, tables: object) -> Any:
    try:
        return quick.apart(item, Memo(broken, 9), quick.kept(tables, 9))[0][0]
    except LookupError:
        return None


def common(item: str, settled: bytes) -> object:
    return known_without_a_memo(item, tables(settled))


ASKED = {"tables": tables(pairs=NONE), "before": b"\2" * 256}
"""For a pair that is asked about and not in the table."""


@given(SIGNS)
def test_a_text_is_taken_apart_and_joined(text: str) -> None:
    def ask() -> object:
        found = Items.of(text, Memo(known, 5))
        return found.known, found.classes, found.text

    assert ask() == in_python(ask)


def test_a_long_text_of_many_names() -> None:
    text = " ".join(str(number % 9973) for number in range(30_000))

    def ask() -> object:
        found = Items.of(text, Memo(known, 1 << 15))
        return found.known, found.classes, found.text

    assert ask() == in_python(ask)


def test_an_item_met_before_is_known_again() -> None:
    """Items of one place in the table of those met take it in turns."""
    memo = Memo(known, 1 << 17)
    for text in (" ".join(map(str, range(0, 70_000, step))) for step in (1, 7, 7)):
        found = Items.of(text, memo)
        assert found.text == text
        assert found.known == list(map(known, text.split(" ")))


@given(st.one_of(WORDS, SIGNS))
def test_gaps_of_a_text(text: str) -> None:
    def ask() -> object:
        found = Gaps(Items.of(text, ITEMS))
        return found.spaced, found.telling

    assert ask() == in_python(ask)


@given(st.dictionaries(st.text(max_size=9), st.integers(0, 255), max_size=40), st.text(max_size=9))
def test_a_table_gives_back_what_was_put_in(values: dict[str, int], other: str) -> None:
    table = pack_table(values)
    for key, value in values.items():
        head, space, tail = key.partition(" ")
        if space:
            found = spaced(known=two(head, tail), tables=tables(pairs=table), least=-99.0)
            assert found == [(0, ((head, tail), spellings.ODDS[value]))]
        elif key.isalpha() and value < 16:
            assert common(key, table) == (CODES[value], key, key, key, (), ())
    if (other not in values or not other) and " " not in other and "\n" not in other:
        assert common(other, table) is None


def test_the_tables_say_what_the_tries_say() -> None:
    for word in filter(str.isalpha, spellings._table("pieces").keys()[::97]):
        if class_of(word) == SETTLED and spellings.settled(word) and spellings.like(word) == word:
            assert common_item(word) == gaps._item(word)
        else:
            assert common_item(word) is None
    known = [pair.split(" ") for pair in spellings._table("pairs").keys()[::97]]
    for head, tail in (*known, ("فرامی", "خواند")):
        found = spaced(known=two(head, tail), tables=gaps._tables())
        odds = spellings.known_pair(spellings.like(head), tail)
        assert found == ([(0, ((head, tail), odds))] if odds and odds > 0 else [])


COMMON_WORDS = [*filter(spellings.settled, spellings._table("pieces").keys()[::499])]


@pytest.mark.parametrize(
    "shape",
    ["{}", "«{}»", "{}،", "({}...", "{}..", "{}.»", "{}:»،", "{}-", "{}\u200cها", "می\u200c{}."],
)  # fmt: skip
def test_common_items_are_known_as_if_thought_out(shape: str) -> None:
    items_ = [shape.format(word) for word in COMMON_WORDS]
    found = [(common, item) for item in items_ if (common := common_item(item))]
    assert len(found) > len(items_) / 4
    for common, item in found:
        assert class_of(item) == SETTLED
        assert common == gaps._item(item)


@pytest.mark.parametrize(
    "item", ["", "«", "«»", "کتاب\u200c", "\u200cکتاب", "کتاب.....", "کتاب»»", "((کتاب", "کتاب،.؟"]
)
def test_items_of_other_shapes_are_not_common(item: str) -> None:
    assert common_item(item) is None


def test_what_the_tables_tell_is_remembered() -> None:
    memo = Memo(broken, 2, lambda: tables(pack_table(dict.fromkeys("abc", 3))))
    assert Items.of("a b a b", memo).text == "a b a b"
    assert list(memo) == ["a", "b"]
    assert Items.of("c", memo).text == "c"
    assert list(memo) == ["c"]


@pytest.mark.parametrize(
    "ask, error",
    [
        (lambda: apart("a b", Memo(broken, 9)), LookupError),
        (lambda: apart("a b", {"a": ("x", "a")}), KeyError),
        (lambda: apart("a", {"a": None}), TypeError),
        (lambda: apart("a", {"a": ("x", 1)}), TypeError),
        (lambda: apart("a", {"a": ("xy", "a")}), ValueError),
        (lambda: apart("a", None), TypeError),
        (lambda: apart(b"a", {}), TypeError),
        (lambda: quick.joined(("a",)), TypeError),
        (lambda: quick.apart("a", {}, None), ValueError),
        (lambda: quick.joined([("x",)]), TypeError),
        (lambda: quick.marked([1], b""), ValueError),
        (lambda: quick.marked((1,), b"x"), TypeError),
        (lambda: quick.kept(0, 9), ValueError),
        (lambda: tables(b""), ValueError),
        (lambda: tables(pairs=b"\0" * 15), ValueError),
        (lambda: tables(odds=()), ValueError),
        (lambda: tables(codes=("x",)), ValueError),
        (lambda: tables(type=dict), ValueError),
        (lambda: tables(type=()), TypeError),
        (lambda: spaced(known=[]), ValueError),
        (lambda: spaced(known=[("x", "a")] * 2), TypeError),
        (lambda: spaced(tables=quick.kept(None, 9)), ValueError),
        (lambda: spaced(tables=tables(odds=("x",) * 256)), TypeError),
        (lambda: spaced(**ASKED, pairs=Memo(broken, 9)), LookupError),
        (lambda: spaced(before=b""), ValueError),
    ],
)  # fmt: skip
def test_an_error_comes_through(ask: Callable[[], object], error: type[Exception]) -> None:
    with pytest.raises(error):
        ask()


def test_pairs_known_and_asked_about() -> None:
    pair = (0, (("a", "a"), 1.0))
    assert spaced() == spaced(before=b"\2" * 256) == [pair]
    assert spaced(**ASKED) == [pair]
    assert spaced(least=1.0) == spaced(tables=tables(pairs=NONE)) == []
    assert spaced(**ASKED, pairs={"a a": None}) == []
    assert spaced(known=[], classes=b"") == spaced(known=[], classes=b"x") == []


def test_no_reference_is_lost_or_kept() -> None:
    text = "a 1 \n🙂 یک"
    memo = Memo(lambda item: ("x", item, item, item), 3)

    def ask() -> None:
        found, classes = apart(text, memo)
        quick.joined(found)
        quick.marked(found, b"\1" * len(found))
        table = pack_table({"a": 3, "b": 4})
        for item in ("a", "«a.", "a\u200cb", "a\u200cb»", "c", "a\u200cc", ""):
            common(item, table)
        quick.apart("a b a. b.", Memo(broken, 2), quick.kept(tables(table), 2))
        for way in (b"\1", b"\2"):
            pairs = Memo(lambda both: (both, 1.0), 1)
            spaced(known=found, classes=classes.encode(), before=way * 256, pairs=pairs)
        for memo_ in (Memo(broken, 9), {}, {"a": ("xy", "a")}):
            with pytest.raises((LookupError, ValueError)):
                apart(text, memo_)

    for _ in range(10):
        ask()
    gc.collect()
    before = sys.getallocatedblocks()
    for _ in range(1000):
        ask()
    gc.collect()
    assert sys.getallocatedblocks() - before < 100

"""What is written in C does what the Python beside it does."""

import gc
import sys
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pnews.normalize import gaps, items, spellings
from pnews.normalize.characters import SETTLED, class_of
from pnews.normalize.gaps import ITEMS, Gaps
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
    codes = tuple(f"{number}" for number in range(32))
    for key, value in values.items():
        head, _, tail = key.partition(" ")
        if " " in key:
            found = spaced(known=two(head, tail), table=table, least=-99.0)
            assert found == [(0, ((head, tail), spellings.ODDS[value]))]
        if key.isalpha() and value < 16:
            assert quick.common(key, table, table, 0, codes) == (f"{value}", key, key, ())
    if other not in values:
        assert quick.common(other, table, table, 0, codes) is None


def test_the_tables_say_what_the_tries_say() -> None:
    settled, pairs = spellings.mapped("settled"), spellings.mapped("pairs")
    for word in filter(str.isalpha, spellings._table("pieces").keys()[::97]):
        found = quick.common(word, settled, pairs, 0, gaps.COMMON_CODES)
        if class_of(word) == SETTLED and spellings.settled(word) and spellings.like(word) == word:
            assert found == (gaps._item(word).code, word, word, ())
        else:
            assert found is None
    known = [pair.split(" ") for pair in spellings._table("pairs").keys()[::97]]
    for head, tail in (*known, ("فرامی", "خواند")):
        found = spaced(known=two(head, tail), table=pairs)
        odds = spellings.known_pair(spellings.like(head), tail)
        assert found == ([(0, ((head, tail), odds))] if odds and odds > 0 else [])


COMMON_WORDS = [*filter(spellings.settled, spellings._table("pieces").keys()[::499])]


@pytest.mark.parametrize(
    "shape",
    ["{}", "«{}»", "{}،", "({}...", "{}..", "{}.»", "{}:»،", "{}-", "{}\u200cها", "می\u200c{}."],
)  # fmt: skip
def test_common_items_are_known_as_if_thought_out(shape: str) -> None:
    items_ = [shape.format(word) for word in COMMON_WORDS]
    found = [(common, item) for item in items_ if (common := gaps._common_item(item))]
    assert len(found) > len(items_) / 4
    for common, item in found:
        assert class_of(item) == SETTLED
        assert common == gaps._item(item)


@pytest.mark.parametrize(
    "item", ["", "«", "«»", "کتاب\u200c", "\u200cکتاب", "کتاب.....", "کتاب»»", "((کتاب", "کتاب،.؟"]
)
def test_items_of_other_shapes_are_not_common(item: str) -> None:
    assert gaps._common_item(item) is None


def apart(text: object, know: object) -> object:
    return quick.apart(text, know, quick.met())


def broken(item: str) -> tuple[str, str]:
    raise LookupError(item)


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
        (lambda: quick.common("a", b"", TABLE, 0, ("x",) * 32), ValueError),
        (lambda: quick.common("a", TABLE, b"\0" * 15, 0, ("x",) * 32), ValueError),
        (lambda: quick.common("a", TABLE, TABLE, 0, ("x",)), ValueError),
        (lambda: spaced(known=[]), ValueError),
        (lambda: spaced(known=[("x", "a")] * 2), TypeError),
        (lambda: spaced(table=b"\0" * 6), ValueError),
        (lambda: spaced(odds=()), ValueError),
        (lambda: spaced(odds=("x",) * 256), TypeError),
        (lambda: spaced(table=NONE, before=b"\2" * 256, pairs=Memo(broken, 9)), LookupError),
        (lambda: spaced(before=b""), ValueError),
    ],
)  # fmt: skip
def test_an_error_comes_through(ask: Callable[[], object], error: type[Exception]) -> None:
    with pytest.raises(error):
        ask()


def two(head: str, tail: str) -> list[tuple[str, ...]]:
    """What is known of two pieces."""
    return [("x", piece, piece, piece) for piece in (head, tail)]


TABLE, NONE = pack_table({"a a": 136}), pack_table({})
"""One pair with log-odds of 1; nothing."""


def spaced(**given: object) -> object:
    """The pairs of two items, with some of what is given to the C function changed."""
    usual = {
        "known": [("x", "a", "a", "a")] * 2,
        "classes": b"xx",
        "before": b"\1" * 256,
        "behind": b"\3" * 256,
        "table": TABLE,
        "odds": spellings.ODDS,
        "pairs": {"a a": (("a", "a"), 1.0)},
        "least": 0.0,
    }
    return quick.spaced(*(usual | given).values())


def test_pairs_known_and_asked_about() -> None:
    pair = (0, (("a", "a"), 1.0))
    assert spaced() == spaced(before=b"\2" * 256) == [pair]
    asked = {"table": NONE, "before": b"\2" * 256}
    assert spaced(**asked) == [pair]
    assert spaced(least=1.0) == spaced(table=NONE) == []
    assert spaced(**asked, pairs={"a a": None}) == []
    assert spaced(known=[], classes=b"") == spaced(known=[], classes=b"x") == []


def test_no_reference_is_lost_or_kept() -> None:
    text = "a 1 \n🙂 یک"
    memo = Memo(lambda item: ("x", item, item, item), 3)
    names = ("x",) * 32

    def ask() -> None:
        found, classes = apart(text, memo)
        quick.joined(found)
        quick.marked(found, b"\1" * len(found))
        table = pack_table({"a": 3, "b": 4})
        for item in ("a", "«a.", "a\u200cb", "a\u200cb»", "c", "a\u200cc", ""):
            quick.common(item, table, TABLE, 0, names)
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

"""What is written in C does what the Python beside it does."""

import gc
import sys
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pnews.normalize import gaps, items
from pnews.normalize.gaps import ITEMS, Gaps
from pnews.normalize.items import Items, Memo

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


@given(st.one_of(WORDS, SIGNS))
def test_pairs_with_a_space_between(text: str) -> None:
    assert Gaps(Items.of(text, ITEMS)).spaced == in_python(
        lambda: Gaps(Items.of(text, ITEMS)).spaced
    )


def broken(item: str) -> tuple[str, str]:
    raise LookupError(item)


@pytest.mark.parametrize(
    "ask, error",
    [
        (lambda: quick.apart("a b", Memo(broken, 9)), LookupError),
        (lambda: quick.apart("a b", {"a": ("x", "a")}), KeyError),
        (lambda: quick.apart("a", {"a": None}), TypeError),
        (lambda: quick.apart("a", {"a": ("x", 1)}), TypeError),
        (lambda: quick.apart("a", {"a": ("xy", "a")}), ValueError),
        (lambda: quick.apart("a", None), TypeError),
        (lambda: quick.apart(b"a", {}), TypeError),
        (lambda: quick.joined(("a",)), TypeError),
        (lambda: quick.joined([("x",)]), TypeError),
        (lambda: spaced(known=[]), ValueError),
        (lambda: spaced(known=[("x", "a")] * 2), TypeError),
        (lambda: spaced(tails={}), KeyError),
        (lambda: spaced(tails={"a": 1}), TypeError),
        (lambda: spaced(tails={"a": {}}, before=b"\2" * 256, pairs=Memo(broken, 9)), LookupError),
        (lambda: spaced(before=b""), ValueError),
    ],
)  # fmt: skip
def test_an_error_comes_through(ask: Callable[[], object], error: type[Exception]) -> None:
    with pytest.raises(error):
        ask()


def spaced(**given: object) -> object:
    """The pairs of two items, with some of what is given to the C function changed."""
    usual = {
        "known": [("x", "a", "a", "a")] * 2,
        "classes": b"xx",
        "before": b"\1" * 256,
        "behind": b"\3" * 256,
        "tails": {"a": {"a": 1.0}},
        "pairs": {"a a": (("a", "a"), 1.0)},
        "least": 0.0,
    }
    return quick.spaced(*(usual | given).values())


def test_pairs_known_and_asked_about() -> None:
    pair = (0, (("a", "a"), 1.0))
    assert spaced() == spaced(before=b"\2" * 256) == [pair]
    asked = {"tails": {"a": {}}, "before": b"\2" * 256}
    assert spaced(**asked) == [pair]
    assert spaced(least=1.0) == spaced(tails={"a": {}}) == []
    assert spaced(**asked, pairs={"a a": None}) == []
    assert spaced(known=[], classes=b"") == spaced(known=[], classes=b"x") == []


def test_no_reference_is_lost_or_kept() -> None:
    text = "a 1 \n🙂 یک"
    memo = Memo(lambda item: ("x", item, item, item), 3)
    tails = Memo(lambda item: {"a": 1.0}, 2)  # forgets what it gave while that is in use

    def ask() -> None:
        found, classes = quick.apart(text, memo)
        quick.joined(found)
        for way in (b"\1", b"\2"):
            pairs = Memo(lambda both: (both, 1.0), 1)
            spaced(
                known=found, classes=classes.encode(), before=way * 256, tails=tails, pairs=pairs
            )
        for memo_ in (Memo(broken, 9), {}, {"a": ("xy", "a")}):
            with pytest.raises((LookupError, ValueError)):
                quick.apart(text, memo_)

    for _ in range(10):
        ask()
    gc.collect()
    before = sys.getallocatedblocks()
    for _ in range(1000):
        ask()
    gc.collect()
    assert sys.getallocatedblocks() - before < 100

"""What is known of words and pairs, and how it is stored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pnews.normalize import spellings
from pnews.normalize.spellings import NEVER, Piece, Spelling

Z = "\u200c"
BUCKET = st.integers(0, 9)
BITS = st.integers(0, 3)
ODDS = st.integers(-6, 6)


@given(st.builds(Piece, BUCKET, BUCKET, BITS, ODDS, BUCKET, BUCKET, ODDS, BUCKET, BUCKET, BITS))
def test_a_piece_is_stored_whole(piece: Piece) -> None:
    assert Piece.unpack(piece.pack()) == piece


@given(
    st.lists(st.text("ابپ", min_size=1, max_size=4), min_size=1, max_size=4), st.integers(-99, 99)
)
def test_a_spelling_is_stored_whole(pieces: list[str], eighths: int) -> None:
    odds = eighths / spellings.STEP if len(pieces) > 1 else NEVER
    spelling = Spelling(tuple(pieces), odds)
    word = "".join(pieces)
    assert spellings.unpack_spelling(word, spellings.pack_spelling(spelling)) == spelling


def test_a_spelling_with_a_rival_is_stored_whole() -> None:
    spelling = Spelling(("نام", "های"), 5.0, ("نامه", "ای"), 1.5)
    assert spellings.unpack_spelling("نامهای", spellings.pack_spelling(spelling)) == spelling


def test_letters_with_two_readings() -> None:
    known = spellings.word("نامهای")
    assert {known.pieces, known.rival} == {("نامه", "ای"), ("نام", "های")}
    assert spellings.read(known, "به").pieces == ("نامه", "ای")
    assert spellings.read(known, "تجاری").pieces == ("نام", "های")


@pytest.mark.parametrize(
    ("word", "pieces"),
    [
        ("فیلمبرداریهایشان", ("فیلم", "برداری", "هایشان")),
        ("فرومیریزند", ("فرومی", "ریزند")),
        ("دیپفیکهای", ("دیپفیک", "های")),
        ("نمیاندیشیدهایم", ("نمی", "اندیشیده", "ایم")),
    ],
)
def test_words_never_seen_are_told_by_their_pieces(word: str, pieces: tuple[str, ...]) -> None:
    assert spellings.word(word).pieces == pieces
    assert spellings.word(word).odds > 0


@pytest.mark.parametrize("word", ["میدان", "بیان", "ایران", "پاشینیان", "میلیارد", "همین", "کنید"])
def test_words_that_only_look_half_spaced(word: str) -> None:
    assert spellings.word(word).odds < 0


@pytest.mark.parametrize(
    ("head", "tail", "half_spaced"),
    [
        ("می", "کند", True),
        ("رسانه", "های", True),
        ("دیپفیک", "های", True),
        ("علی", "اف", True),
        ("گفت", "که", False),
        ("این", "کشور", False),
        ("کشور", "ها", False),
    ],
)
def test_pairs(head: str, tail: str, half_spaced: bool) -> None:
    assert (spellings.pair(head, tail) > 0) == half_spaced


def test_words_that_ran_together() -> None:
    assert spellings.run_together("معدنیبااشاره") == ("معدنی", "با", "اشاره")
    assert spellings.run_together("جمهوری") == ()


@pytest.mark.parametrize("head", ["بی", "رسانه", "فرامی"])
@pytest.mark.parametrize("tail", ["های", "پهپاد", "اینستاگرام"])
def test_a_pair_is_told_from_its_pieces_as_in_training(head: str, tail: str) -> None:
    weights, piece = spellings._weights("pair"), spellings._piece
    head = spellings.like(head)
    told = spellings._left_odds(head) + spellings._right_odds(tail)
    told += spellings._sum(
        spellings._meeting_features(head, tail, piece(head), piece(tail)), weights
    )
    assert told == pytest.approx(spellings.pair_odds(head, tail, piece, weights))

"""A case is its own answer: `|` stands where a sentence ends."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pnews.document import Document, Edit, new_document
from pnews.tokenize import stage
from pnews.tokenize.sentences import sentences

ALPHABET = "ابد م.می\u200ca1۱ \n.،:؟!?…-–/«»\"()[]'ٔ\u2028\r"
TEXTS = st.text(alphabet=st.sampled_from(ALPHABET)) | st.text()


def pieces(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    "case",
    [
        "باران آمد.| برف هم بارید.| چرا؟| نمی\u200cدانم!| سرد بود",
        "باران آمد.|وی رفت.",
        "چه شد؟!| هیچ.",
        # lines
        "رفت.\n|) آمد",
        "تیتر بی\u200cنقطه\n|متن خبر آمد.\n|\n|پایان",
        "خبر مهم\r\n|متن",
        "تهران - ایرنا:| رئیس\u200cجمهور رفت.",
        "گروه ورزشی - علی احمدی:| تیم ملی برد.",
        "رئیس\u200cجمهور گفت: هوا سرد است.",
        "کارشناس انجمن علمی - دانشجویی گفت: خوب است.",
        "وی افزود: نتیجه ایران - عراق: مساوی.",
        "او رفت./| آمریکا",
        "او رفت.|/آمریکا",
        # numbers and addresses
        "رشد ۱۲.۵ درصدی و 10.7 درصدی.",
        "سایت irna.ir و https://irna.ir/?%D8%A7=1 و a.b?c=d را ببینید.| بعد بروید.",
        "۱. مقدمه\n|۲. نتیجه",
        "دو چیز: ۱. آب؛ ۲. خاک.",
        "در سال ۱۳۹۸.| سپس رفت.",
        # abbreviations
        "در سال ۱۳۲۰ ه.ش. در تهران زاده شد.| سپس رفت.",
        "از ۵۵۰ ق.م. تا ۶۱۰ م. آنجا بودند.",
        "به گزارش بی.بی.سی او رفت.| بی.بی.سی.| پایان",
        "ارتش U.S. Army آمد.| Dr. House رفت.",
        "دکتر ا. احمدی و م. ب. رضایی آمدند.",
        "جورج دبلیو. بوش رفت.| سی. ان. ان گفت.| خودروی بی.ام.و خرید.",
        "این ویتامین د.| این هم آهن.",
        # ellipsis
        "کتاب، دفتر و... خرید.| رفت....| آمد.",
        "نان (آب، شیر و...) را خورد… و رفت.",
        # brackets
        "او قهرمان (!) شد.| تمام (چرا؟) شد.",
        # quotation
        "«باران می\u200cآید.»| وی افزود: «برف هم.»| تمام.",
        "گفت: «باران آمد.| برف هم.»| رفت.",
        "گفت: «با من بیا!»| مرد رفت.",
        "«باران می\u200cآید.» را او گفت.",
        "«کجا می\u200cروی؟» پرسید.",
        "فیلم «کجا می\u200cروی؟» دیده شد.",
        "گفت: «کجا می\u200cروی؟»| مرد رفت.",
        "پرسید «کجا می\u200cروی؟»| مرد رفت.",
        'گفت: "باران آمد."| وی رفت.',
        "گفت: «آمد. »| وی رفت.",
        "«چرا؟»، او پرسید.",
        "«خوب است.»|محسن گفت.",
        # the sentence so far
        "... و بعد رفت.",
        "بله! !| نه؟ ؟!",
        "It was approx. five.| He left.",
    ],
)
def test_sentences(case: str) -> None:
    wanted = [piece.strip() for piece in case.split("|")]

    assert pieces(case.replace("|", "")) == [piece for piece in wanted if piece]


@given(TEXTS)
def test_sentences_hold_everything_but_space_once(text: str) -> None:
    spans = sentences(text)

    assert spans == sorted(spans)
    outside = text
    for start, end in reversed(spans):
        assert text[start:end] == text[start:end].strip() != ""
        outside = outside[:start] + outside[end:]
    assert not outside.strip()


@given(TEXTS)
def test_no_sentence_goes_over_a_line_break(text: str) -> None:
    assert all("\n" not in text[start:end] for start, end in sentences(text))


@pytest.mark.parametrize("piece", [".", ". ", "ا.", "؟»", "«", "\n", "سی. ", "a: ", ".)", "۱. "])
def test_a_long_text_is_cut(piece: str) -> None:
    text = piece * 20_000

    assert "".join("".join(pieces(text)).split()) == "".join(text.split())


def tokenized(document: Document) -> Document:
    return next(iter(stage()([document])))


def test_a_document_gets_its_sentences_and_tokens() -> None:
    document = tokenized(new_document("باران می\u200cآید. برف هم."))

    first, second = document.sentences
    assert (first.start, first.end, second.start, second.end) == (0, 13, 14, 21)
    assert [token.text for token in first.tokens] == ["باران", "می\u200cآید", "."]
    assert [token.lemma for token in first.tokens] == ["باران", "آمد", "."]
    assert [token.text for token in second.tokens] == ["برف", "هم", "."]


def test_offsets_are_those_of_the_source() -> None:
    document = msgspec.structs.replace(
        new_document("علي   مي آيد ."),
        normalized="علی می\u200cآید.",
        edits=(
            Edit(2, 3, "ی"),
            Edit(3, 6, " "),
            Edit(7, 8, "ی"),
            Edit(8, 9, "\u200c"),
            Edit(10, 11, "ی"),
            Edit(12, 13, ""),
        ),
    )

    (sentence,) = tokenized(document).sentences
    assert (sentence.start, sentence.end, sentence.norm_start, sentence.norm_end) == (0, 14, 0, 11)
    spans = [(token.text, token.start, token.end, token.norm_start) for token in sentence.tokens]
    assert spans == [("علی", 0, 3, 0), ("می\u200cآید", 6, 12, 4), (".", 13, 14, 10)]


def test_an_empty_text_has_no_sentences() -> None:
    assert tokenized(new_document(" \n ")).sentences == ()
    assert tokenized(new_document("")).has("sentences")


@given(TEXTS)
def test_tokens_are_the_normalised_text(text: str) -> None:
    document = tokenized(new_document(text))

    covered = []
    for sentence in document.sentences:
        for token in sentence.tokens:
            assert sentence.norm_start <= token.norm_start < token.norm_end <= sentence.norm_end
            assert token.text == text[token.norm_start : token.norm_end]
            assert token.text == text[token.start : token.end]
            covered += range(token.norm_start, token.norm_end)
    assert covered == [i for i, character in enumerate(text) if not character.isspace()]

"""Features, the tagger's protocol, its models, and the stage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from pnews import data
from pnews.document import Document, new_document
from pnews.entities import BATCH_DOCUMENTS, crf, schemes, stage
from pnews.entities.features import Features, fold, word_key
from pnews.entities.tagger import load
from pnews.errors import InputError, ModelError
from pnews.pipeline import Pipeline

TEXT = """دیدار در باکو
علي اکبر صالحی و حسن روحانی روز پنجشنبه از تهران به باکو رفتند.
وزارت امور خارجه روسیه اعلام کرد که ۲۰ درصد از بودجه ایران، ۵ میلیون دلار، پرداخت شده است."""


def words(sentence: str) -> list[str]:
    return sentence.split()


def no_classes(word: str) -> list[str]:
    return []


@pytest.mark.parametrize(
    ("token", "folded"),
    [
        ("علي", "علی"),  # Arabic ye
        ("كابل", "کابل"),  # Arabic kaf
        ("مسؤول", "مسوول"),
        ("علی اف", "علی\u200cاف"),  # PEYMA's half-space
        ("مُحَمَّد", "محمد"),
        ("۱۳۹۸", "0000"),
        ("1398", "0000"),
        ("٢٥", "00"),
        ("ﻛﺎﺑﻞ", "کابل"),  # presentation forms
        ("FIFA", "fifa"),
    ],
)
def test_spellings_fold_to_one(token: str, folded: str) -> None:
    assert fold(token) == folded


def test_a_half_space_and_none_are_one_word() -> None:
    assert word_key("علی\u200cاف") == word_key("علیاف") == "علیاف"


def test_each_token_gets_its_own_and_its_neighbours_features() -> None:
    first, second = Features(no_classes)(["حسن", "روحانی"])

    assert {"w=حسن", "first", "+1:w=روحانی", "+1w=حسن|روحانی", "s=ا"} <= set(first)
    assert {"w=روحانی", "last", "-1:w=حسن", "e2=نی", "p3=روح"} <= set(second)


def test_a_year_a_day_and_a_half_space_show_in_the_features() -> None:
    year, day, word = Features(no_classes)(["۱۳۹۸", "31", "می\u200cرود"])

    assert "year=13" in year
    assert "n=day" in day
    assert {"first=می", "last=رود", "s=اzا"} <= set(word)


def test_a_word_known_only_without_its_ending_gets_the_clusters_of_its_stem() -> None:
    known = {"خبرنگار": ["7a", "40b", "900c", "pPER1B"]}

    (made,) = Features(lambda word: known.get(word, []))(["خبرنگاران"])

    assert {"k=7a", "k=40b", "k=900c"} <= set(made)
    assert "k=pPER1B" not in made


def test_a_models_own_lexicon_is_hidden_from_it() -> None:
    classes = crf.classes_from({"تهران": [b"1a 2b 3c nLOC4B pLOC4B"]}.get, "n")

    assert classes("تهران") == ["1a", "2b", "3c", "pLOC4B"]
    assert classes("ناشناخته") == []


@pytest.mark.parametrize("scheme", ["news", "peyma", "arman"])
def test_each_scheme_labels_with_its_own_types(scheme: str) -> None:
    sentence = words("حسن روحانی رئیس جمهور ایران در تهران سخن گفت .")

    (tagged,) = load(scheme).tag([sentence])

    found = {
        (" ".join(sentence[span.start : span.end]), span.type)
        for span in schemes.spans([label for label, _ in tagged])
    }
    assert {("حسن روحانی", "PER"), ("تهران", "LOC")} <= found
    assert {type_ for _, type_ in found} <= set(schemes.types(scheme))


def test_a_batch_gives_what_its_sentences_give_alone() -> None:
    tagger = load("news")
    sentences = [
        ["جو", "بایدن", "به", "مسکو", "رفت", "."],
        [],
        ["تیم", "ملی", "فوتبال", "ایران", "برد", "."],
    ]

    batch = tagger.tag(sentences)

    assert batch == [tagger.tag([sentence])[0] for sentence in sentences]
    assert [len(tagged) for tagged in batch] == [len(sentence) for sentence in sentences]


def test_scores_are_probabilities() -> None:
    (tagged,) = load("news").tag([words("دولت روسیه دیروز با دولت ترکیه گفت و گو کرد .")])

    assert all(0 <= score <= 1 for _, score in tagged)
    assert any(score < 1 for _, score in tagged)


def test_arabic_letters_change_nothing() -> None:
    tagger = load("news")

    (persian,), (arabic,) = (
        tagger.tag([text.split()]) for text in ("علی لاریجانی در کرمان", "علي لاريجاني در كرمان")
    )

    assert persian == arabic


def annotated(text: str) -> Document:
    return next(Pipeline(last="entities")([new_document(text, id="a")]))


def test_entities_stand_in_the_source_and_in_order() -> None:
    document = annotated(TEXT)

    assert [entity.id for entity in document.entities] == [
        f"e{number}" for number in range(1, len(document.entities) + 1)
    ]
    for entity in document.entities:
        assert document.text[entity.start : entity.end] == entity.text
        assert document.normalized[entity.norm_start : entity.norm_end] == entity.normalized
        assert 0 <= entity.score <= 1
    starts = [entity.start for entity in document.entities]
    assert starts == sorted(starts)


def test_a_name_in_arabic_letters_is_found_where_it_stands() -> None:
    found = {(entity.text, entity.normalized, entity.type) for entity in annotated(TEXT).entities}

    assert ("علي اکبر صالحی", "علی اکبر صالحی", "PER") in {
        (text, normalized.replace("\u200c", " "), type_) for text, normalized, type_ in found
    }


def test_numbers_with_units_are_found() -> None:
    found = {(entity.text, entity.type) for entity in annotated(TEXT).entities}

    assert {("۲۰ درصد", "PERCENT"), ("۵ میلیون دلار", "MONEY")} <= found


def test_the_document_says_which_model_named_it() -> None:
    document = annotated("حسن روحانی به تهران رفت.")

    assert document.meta.model == load("news").name
    assert document.meta.model.startswith("crf-news ")


class Everything:
    """Labels each token a person."""

    name = "everything 1"

    def __init__(self) -> None:
        self.batches: list[int] = []

    def tag(self, sentences: Sequence[Sequence[str]]) -> list[list[tuple[str, float]]]:
        self.batches.append(len(sentences))
        return [[("B-PER", 0.98765)] * len(sentence) for sentence in sentences]


def test_another_tagger_fits_in() -> None:
    documents = Pipeline(last="tokenize")([new_document("سلام تهران", id="a")])

    (document,) = stage(tagger=Everything())(documents)

    assert [(entity.text, entity.score) for entity in document.entities] == [
        ("سلام", 0.9877),
        ("تهران", 0.9877),
    ]


def test_documents_are_read_ahead_in_bounded_batches() -> None:
    tagger = Everything()
    read: list[int] = []

    def documents() -> Iterator[Document]:
        for number in range(3 * BATCH_DOCUMENTS):
            read.append(number)
            yield new_document("سلام", id=str(number))

    made = stage(tagger=tagger)(Pipeline(last="tokenize")(documents()))

    assert next(made).id == "0"
    assert len(read) <= BATCH_DOCUMENTS
    assert [document.id for document in made] == [str(n) for n in range(1, 3 * BATCH_DOCUMENTS)]
    assert tagger.batches == [BATCH_DOCUMENTS] * 3


def test_a_text_without_words_has_no_entities() -> None:
    document = annotated(" \n")

    assert document.has("entities")
    assert document.entities == ()


def test_an_unknown_scheme_is_refused() -> None:
    with pytest.raises(InputError, match="scheme 'muc' is unknown"):
        stage(scheme="muc")


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the shipped data, to be damaged."""
    for source in data.FOLDER.iterdir():
        if source.is_file():
            (tmp_path / source.name).write_bytes(source.read_bytes())
    monkeypatch.setattr(data, "FOLDER", tmp_path)
    data.rows.cache_clear()
    yield tmp_path
    data.rows.cache_clear()


def test_a_damaged_model_is_refused_before_use(shipped: Path) -> None:
    model = shipped / "crf-peyma.crfsuite"
    model.write_bytes(model.read_bytes()[:-1] + b"?")

    with pytest.raises(ModelError, match=r"crf-peyma\.crfsuite: damaged .* install pnews again$"):
        crf.load_crf("peyma")


def test_a_missing_model_is_refused(shipped: Path) -> None:
    (shipped / "crf-peyma.crfsuite").unlink()

    with pytest.raises(ModelError, match=r"crf-peyma\.crfsuite: missing"):
        crf.load_crf("peyma")


def test_a_model_of_another_protocol_is_refused(
    shipped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crf, "PROTOCOL", "99")

    with pytest.raises(ModelError, match="but this pnews reads 99; install pnews again"):
        crf.checked("crf-peyma.crfsuite")


def test_an_unlisted_model_is_refused(shipped: Path) -> None:
    (shipped / "models.tsv").write_text("# none\n", encoding="utf-8")
    data.rows.cache_clear()

    with pytest.raises(ModelError, match=r"not listed in models\.tsv"):
        crf.checked("crf-peyma.crfsuite")

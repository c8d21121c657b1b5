"""Features, the tagger's protocol, its models, and the stage."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import numpy as np
import onnxruntime
import pytest
from conftest import Run

from pnews import data
from pnews.document import Document, new_document
from pnews.entities import BATCH_DOCUMENTS, features, networks, packs, pieces, schemes, stage
from pnews.entities.features import fold, word_key
from pnews.entities.pieces import spell
from pnews.entities.recurring import Labels, with_recurring
from pnews.entities.tagger import MODELS, load
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


def test_a_word_comes_first_among_its_features_and_twice() -> None:
    first, second, *rest = features.describe("روحانی", no_classes)

    assert (first, second) == ("w=روحانی", "W=روحانی")
    assert {"s=ا", "e2=نی", "p3=روح", "g=<رو", "g=نی>"} <= set(rest)


def test_a_year_a_day_and_a_half_space_show_in_the_features() -> None:
    year, day, word = (
        features.describe(token, no_classes) for token in ("۱۳۹۸", "31", "می\u200cرود")
    )

    assert "year=13" in year
    assert "n=day" in day
    assert {"first=می", "last=رود", "s=اzا"} <= set(word)


def test_a_word_known_only_without_its_ending_gets_the_clusters_of_its_stem() -> None:
    known = {"خبرنگار": ["7a", "40b", "900c"]}

    made = features.describe("خبرنگاران", lambda word: known.get(word, []))

    assert {"k=7a", "k=40b", "k=900c"} <= set(made)


@pytest.mark.parametrize("token", ["", "\u200c", "ن" * 1000, "،", "https://example.com/a?b=c"])
def test_any_token_has_some_features_but_not_too_many(token: str) -> None:
    rows = features.rows(token, no_classes, 64)

    assert 2 < len(rows) <= features.MOST
    assert all(1 <= row < 64 for row in rows)


@pytest.mark.parametrize(
    ("token", "spelt"),
    [
        ("علي", "علی"),
        ("رئیس", "رئیس"),  # a letter of its own, not folded as for features
        ("علی اف", "علی\u200cاف"),
        ("مُحَمَّد", "محمد"),
        ("۱۳۹۸", "1398"),
        ("٢٥", "25"),
        ("\u200c", "_"),
    ],
)
def test_the_encoder_reads_one_spelling(token: str, spelt: str) -> None:
    assert spell(token) == spelt


@pytest.mark.parametrize(
    ("word", "cut"),
    [  # as the vocabulary's own tokenizer cuts
        ("تهران", "▁تهران"),
        ("علی\u200cاف", "▁علی ▁اف"),
        ("می\u200cخواهم", "▁می ▁خواهم"),
        ("پاشینیان", "▁پاش ینی ان"),
        ("كابل", "▁کابل"),
        ("۱۳۹۸", "▁13 98"),
        ("FIFA", "▁FI FA"),
        ("😀😀", "▁ <unk>"),
        ("</s>", "▁< / s >"),  # in a text it is no mark
    ],
)
def test_words_are_cut_to_their_likeliest_pieces(word: str, cut: str) -> None:
    content = msgspec.json.decode(packs.checked(pieces.VOCABULARY), type=pieces.Vocabulary)
    known = content.pieces.split("\n")

    (found,) = pieces.shipped_pieces()([word])

    assert " ".join(known[i] for i in found) == cut
    assert max(map(len, known)) <= pieces.LONGEST_PIECE


def test_every_word_has_pieces_and_none_too_many() -> None:
    words = ["تهران", "\u200c", "", "ن" * 5000, "😀", "تهران"]

    found = pieces.shipped_pieces()(words)

    assert found[0] == found[-1]
    assert all(1 <= len(word) <= pieces.LONGEST_WORD for word in found)


def test_the_pieces_of_more_words_than_are_remembered_are_right(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pieces, "CACHED_WORDS", 3)
    known = pieces.shipped_pieces()
    words = ["تهران", "باکو", "مسکو", "کابل", "تهران"]

    assert known(words) == [known([word])[0] for word in words]


@pytest.mark.parametrize(
    ("scheme", "model"),
    [*itertools.product(["news", "peyma", "arman"], ["fast", "accurate"]), ("news", "open")],
)
def test_each_scheme_labels_with_its_own_types(scheme: str, model: str) -> None:
    found = named("حسن روحانی رئیس جمهور ایران در تهران سخن گفت .", scheme, model)

    assert {("حسن روحانی", "PER"), ("تهران", "LOC")} <= found
    assert {type_ for _, type_ in found} <= set(schemes.types(scheme))


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(
    ("sentence", "name", "type_"),
    [
        ("محمدجواد ظریف وارد ژنو شد .", "محمدجواد ظریف", "PER"),
        ("سازمان ملل متحد بیانیه داد .", "سازمان ملل متحد", "ORG"),
        ("زلزله در استان کرمانشاه خسارت زد .", "کرمانشاه", "LOC"),
        ("این دیدار در ورزشگاه آزادی برگزار شد .", "ورزشگاه آزادی", "FAC"),
        ("تیم‌ها در جام جهانی ۲۰۱۸ بازی کردند .", "جام جهانی ۲۰۱۸", "EVENT"),
        ("قیمت پژو ۲۰۶ بالا رفت .", "پژو ۲۰۶", "PRODUCT"),
        ("او روز سه‌شنبه ۱۲ آذر ۱۳۹۸ آمد .", "سه‌شنبه ۱۲ آذر ۱۳۹۸", "DATE"),
        ("جلسه ساعت ۱۰ صبح آغاز شد .", "ساعت ۱۰ صبح", "TIME"),
        ("آنها ۵ میلیون دلار پرداختند .", "۵ میلیون دلار", "MONEY"),
        ("تورم به ۲۰ درصد رسید .", "۲۰ درصد", "PERCENT"),
    ],
)
def test_a_name_of_each_type_is_found(sentence: str, name: str, type_: str, model: str) -> None:
    assert any(name in found and type_ == kind for found, kind in named(sentence, "news", model))


def named(sentence: str, scheme: str, model: str) -> set[tuple[str, str]]:
    tokens = words(sentence)
    (tagged,) = load(scheme, model=model).tag([tokens])
    return {
        (" ".join(tokens[span.start : span.end]), span.type)
        for span in schemes.spans([label for label, _ in tagged])
    }


SENTENCES = [
    ["جو", "بایدن", "به", "مسکو", "رفت", "."],
    [],
    words("دولت روسیه دیروز با دولت ترکیه درباره خط لوله گاز گفت و گو کرد ."),
    ["تیم", "ملی", "فوتبال", "ایران", "برد", "."],
    ["ایران"],
]


def rounded(tagged: list[list[tuple[str, float]]]) -> list[list[tuple[str, float]]]:
    return [[(label, round(score, 4)) for label, score in sentence] for sentence in tagged]


@pytest.mark.parametrize("model", MODELS)
def test_a_batch_gives_what_its_sentences_give_alone_in_any_order(model: str) -> None:
    tagger = load("news", model=model)

    batch = rounded(tagger.tag(SENTENCES))

    assert batch == [rounded(tagger.tag([sentence]))[0] for sentence in SENTENCES]
    assert batch == rounded(tagger.tag(SENTENCES[::-1]))[::-1]
    assert [len(tagged) for tagged in batch] == [len(sentence) for sentence in SENTENCES]


@pytest.mark.parametrize("model", MODELS)
def test_one_thread_and_two_give_the_same(model: str) -> None:
    one, two = (load("news", model=model, threads=threads) for threads in (1, 2))

    assert rounded(one.tag(SENTENCES)) == rounded(two.tag(SENTENCES))


@pytest.mark.parametrize("model", MODELS)
def test_scores_are_probabilities(model: str) -> None:
    tagged = load("news", model=model).tag(SENTENCES)

    scores = [score for sentence in tagged for _, score in sentence]
    assert all(0 <= score <= 1 for score in scores)
    assert any(score < 1 for score in scores)


@pytest.mark.parametrize("model", MODELS)
def test_arabic_letters_change_nothing(model: str) -> None:
    tagger = load("news", model=model)

    (persian,), (arabic,) = (
        tagger.tag([text.split()]) for text in ("علی لاریجانی در کرمان", "علي لاريجاني در كرمان")
    )

    assert persian == arabic


def test_a_sentence_of_fifty_thousand_tokens_is_tagged_to_its_end() -> None:
    sentence = words("محمدجواد ظریف از تهران به ژنو رفت و") * 6250

    (tagged,) = load("news").tag([sentence])

    assert len(tagged) == 50_000
    assert [label for label, _ in tagged[16:24]] == [label for label, _ in tagged[-32:-24]]
    assert tagged[16][0] == "B-PER"


def test_the_windows_of_a_long_sentence_change_nothing_for_the_fast_model(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sentence = words("محمدجواد ظریف وزیر امور خارجه ایران از تهران به ژنو رفت و") * 30
    whole = load("news").tag([sentence])
    monkeypatch.setattr(networks.Student, "limit", 100)

    assert rounded(load("news").tag([sentence])) == rounded(whole)


def test_a_long_sentence_goes_through_the_encoder_in_windows() -> None:
    sentence = words("محمدجواد ظریف از تهران به ژنو رفت و") * 60

    (tagged,) = load("news", model="accurate").tag([sentence])

    assert [label for label, _ in tagged].count("B-PER") == 60


def test_more_words_than_the_fast_model_remembers_are_tagged_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tagger = load("news")
    wanted = tagger.tag(SENTENCES)
    monkeypatch.setattr(networks.Student, "cached_words", 30)
    many = [[f"واژه{number}" for number in range(at, at + 25)] for at in range(0, 200, 25)]
    for sentence in many:
        tagger.tag([sentence])

    assert rounded(tagger.tag(SENTENCES)) == rounded(wanted)


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
    assert document.meta.model.startswith("fast-news ")


class Everything:
    """Labels each token a person."""

    name = "everything 1"

    def __init__(self) -> None:
        self.batches: list[int] = []

    def tag(self, sentences: Sequence[Sequence[str]]) -> list[list[tuple[str, float]]]:
        self.batches.append(len(sentences))
        return [[("B-PER", 0.98765)] * len(sentence) for sentence in sentences]


def labelled(text: str, *people: int, doubt: float = 0.9) -> tuple[list[str], Labels]:
    tokens = words(text)
    names = {0: "B-PER", 1: "I-PER"} if people == (0, 1) else dict.fromkeys(people, "B-PER")
    return tokens, [(names.get(i, "O"), 0.98 if i in names else doubt) for i in range(len(tokens))]


@pytest.mark.parametrize(
    ("later", "doubt", "found"),
    [
        ("به گفته غنی این دیدار", 0.9, ["O", "O", "B-PER", "O", "O"]),
        ("به گفته غنی این دیدار", 0.99, ["O"] * 5),  # the tagger is sure that it is a word
        ("با اشرف غنی", 0.9, ["O", "B-PER", "I-PER"]),
        ("اشرف", 0.9, ["O"]),  # a first name alone isn't looked for
    ],
)
def test_a_person_named_surely_is_found_again(later: str, doubt: float, found: list[str]) -> None:
    sentences, tagged = zip(
        labelled("اشرف غنی آمد", 0, 1), labelled(later, doubt=doubt), strict=True
    )

    _, labels = with_recurring(sentences, tagged)

    assert [label for label, _ in labels] == found


class FullNames:
    """Knows اشرف غنی, and doubts everything else."""

    name = "full names 1"

    def tag(self, sentences: Sequence[Sequence[str]]) -> list[list[tuple[str, float]]]:
        return [
            labelled(" ".join(tokens), *((0, 1) if tokens[0] == "اشرف" else ()))[1]
            for tokens in sentences
        ]


def test_a_person_is_found_again_in_the_same_article_only() -> None:
    texts = ["اشرف غنی آمد.\nبه گفته غنی دیدار کردند.", "به گفته غنی دیدار کردند."]
    documents = Pipeline(last="tokenize")(new_document(text, id=text[:4]) for text in texts)

    first, second = stage(tagger=FullNames())(documents)

    assert [entity.text for entity in first.entities] == ["اشرف غنی", "غنی"]
    assert second.entities == ()


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
    model = shipped / "fast.pack"
    content = model.read_bytes()
    model.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))

    with pytest.raises(ModelError, match=r"fast\.pack: damaged .* install pnews again$"):
        packs.read("fast")


def test_a_cut_model_is_refused(shipped: Path) -> None:
    model = shipped / "accurate.pack"
    model.write_bytes(model.read_bytes()[:100_000])

    with pytest.raises(ModelError, match=r"accurate\.pack: damaged"):
        packs.read("accurate")


def test_a_missing_model_is_refused(shipped: Path) -> None:
    (shipped / "fast.pack").unlink()

    with pytest.raises(ModelError, match=r"fast\.pack: missing"):
        packs.read("fast")


def test_a_model_of_another_protocol_is_refused(
    shipped: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packs, "PROTOCOL", "99")

    with pytest.raises(ModelError, match="but this pnews reads 99; install pnews again"):
        packs.read("fast")


def test_an_unlisted_model_is_refused(shipped: Path) -> None:
    (shipped / "models.tsv").write_text("# none\n", encoding="utf-8")
    data.rows.cache_clear()

    with pytest.raises(ModelError, match=r"not listed in models\.tsv"):
        packs.read("fast")


def test_a_pack_is_the_same_after_writing_and_reading() -> None:
    facts = packs.Facts("fast", 1, {"news": ("O", "B-PER", "I-PER")}, {"news": 1.5})
    pack = packs.Pack(facts, b"network", {"table": np.arange(6, dtype=np.int8).reshape(2, 3)})

    read = packs.unpack(packs.write(pack))

    assert read.facts == facts
    assert read.network == b"network"
    assert np.array_equal(read.arrays["table"], pack.arrays["table"])
    assert packs.write(read) == packs.write(pack)


def test_a_model_and_a_device_that_are_not_there_are_refused() -> None:
    with pytest.raises(InputError, match="model 'huge' is unknown; choose from fast, acc"):
        load("news", model="huge")
    with pytest.raises(InputError, match="device 'tpu' is unknown; choose from cpu, cuda"):
        load("news", device="tpu")


def test_a_scheme_that_a_model_has_not_is_refused() -> None:
    with pytest.raises(InputError, match="model 'open' has no scheme 'peyma'; it has news"):
        load("peyma", model="open")


def test_the_open_model_has_word_classes_of_its_own() -> None:
    assert packs.read("fast").facts.classes == "words.marisa"
    assert packs.read("open").facts.classes == "words-open.marisa"


def test_cuda_without_its_onnxruntime_is_refused_in_one_line(
    pnews: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: ["CPUExecutionProvider"])

    result = pnews("entities", "--device", "cuda", "-", stdin="سلام تهران")

    assert result.status == 2
    assert result.err.count("\n") == 1
    assert "install onnxruntime-gpu" in result.err


def test_a_line_of_two_megabytes_is_no_trouble(pnews: Run) -> None:
    line = "حسن روحانی به تهران رفت . " + "ن" * 1_000_000 + " و دیگر هیچ"

    result = pnews("entities", "-", stdin=line)

    found = {entity["text"] for entity in json.loads(result.out)["entities"]}
    assert result.status == 0
    assert "حسن روحانی" in found

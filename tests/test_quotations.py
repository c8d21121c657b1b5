"""Who says what, and where the news is from: cases in the words of news."""

from __future__ import annotations

import pytest

from pnews.document import Document
from pnews.pipeline import Pipeline


class Marked:
    """A tagger that knows the names of a test."""

    name = "marked"

    def __init__(self, marks: dict[str, str]) -> None:
        self.marks = {tuple(name.split()): type_ for name, type_ in marks.items()}

    def tag(self, sentences: list[list[str]]) -> list[list[tuple[str, float]]]:
        return [[(label, 1.0) for label in self._labels(words)] for words in sentences]

    def _labels(self, words: list[str]) -> list[str]:
        labels = ["O"] * len(words)
        for name, type_ in sorted(self.marks.items(), key=lambda mark: len(mark[0])):
            for at in range(len(words) - len(name) + 1):
                if tuple(words[at : at + len(name)]) == name:
                    labels[at : at + len(name)] = [f"B-{type_}", *[f"I-{type_}"] * (len(name) - 1)]
        return labels


def annotated(text: str, **marks: str) -> Document:
    """The text as an article with a headline, the given names marked: PER="علی ربیعی|ربیعی"."""
    known = {name: type_ for type_, names in marks.items() for name in names.split("|")}
    options = {"entities": {"tagger": Marked(known)}}
    return Pipeline(options=options).annotate(f"سرخط خبر\n\n{text}", id="t")


def said(text: str, **marks: str) -> list[tuple[str | None, str]]:
    """Speaker's name and words of each direct quotation."""
    document = annotated(text, **marks)
    names = {cluster.id: cluster.name for cluster in document.clusters}
    for one in document.quotations:
        assert document.text[one.start : one.end] == one.text
    return [
        (names.get(one.speaker or ""), one.text)
        for one in document.quotations
        if one.kind == "direct"
    ]


def test_what_follows_a_verb_and_a_colon_is_said_to_the_end_of_the_paragraph() -> None:
    text = (
        "علی ربیعی روز شنبه اظهار کرد: مقصد کشتی را صاحب آن می‌داند. ما نفت را فروخته‌ایم.\nکشتی رفت."
    )
    assert said(text, PER="علی ربیعی") == [
        ("علی ربیعی", "مقصد کشتی را صاحب آن می‌داند. ما نفت را فروخته‌ایم.")
    ]


@pytest.mark.parametrize(
    "verb",
    ["گفت", "افزود", "اظهار داشت", "خاطرنشان کرد", "یادآور شد", "نوشت", "می‌گوید", "تأکید کرد",
     "ادامه داد", "گفته است", "تصریح کرده است"],
)  # fmt: skip
def test_verbs_of_saying(verb: str) -> None:
    assert said(f"ربیعی {verb}: مقصد کشتی روشن است.", PER="ربیعی") == [
        ("ربیعی", "مقصد کشتی روشن است.")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "ترکیب تیم به شرح زیر است: رضا اطری و یونس امامی",
        "ساعت ۱۲:۳۰ بازی آغاز شد.",
        "فیلم «جدایی نادر از سیمین» جایزه گرفت.",
        "می‌توان گفت: این جنبش بزرگ است.",
        "او طرح «تحول سلامت» را ستود.",
    ],
)
def test_lists_titles_and_scare_quotes_are_no_quotations(text: str) -> None:
    assert said(text) == []


def test_marks_are_taken_off_and_may_be_nested() -> None:
    text = "ربیعی گفت: «طرح «صلح هرمز» را به همه کشورها دادیم.»"
    assert said(text, PER="ربیعی") == [("ربیعی", "طرح «صلح هرمز» را به همه کشورها دادیم.")]


def test_a_quotation_in_marks_may_be_followed_by_its_verb() -> None:
    text = "«ما هرگز مذاکره نخواهیم کرد»، ربیعی گفت."
    assert said(text, PER="ربیعی") == [("ربیعی", "ما هرگز مذاکره نخواهیم کرد")]


def test_a_quotation_in_marks_may_run_over_paragraphs() -> None:
    text = "ربیعی نوشت: «ما صلح می‌خواهیم.\nهمه باید بخواهند.»\nاو رفت."
    assert said(text, PER="ربیعی") == [("ربیعی", "ما صلح می‌خواهیم.\nهمه باید بخواهند.")]


def test_an_unclosed_mark_ends_with_its_paragraph() -> None:
    text = "ربیعی نوشت: «ما صلح می‌خواهیم.\nاو رفت."
    assert said(text, PER="ربیعی") == [("ربیعی", "ما صلح می‌خواهیم.")]


def test_a_paragraph_may_hold_two_speeches() -> None:
    text = "ربیعی گفت: ما صلح می‌خواهیم. وی افزود: جنگ راه حل نیست."
    assert said(text, PER="ربیعی") == [
        ("ربیعی", "ما صلح می‌خواهیم."),
        ("ربیعی", "جنگ راه حل نیست."),
    ]


def test_a_headline_with_a_colon_is_none() -> None:
    document = Pipeline().annotate("ربیعی: ما صلح می‌خواهیم\n\nوزیر خارجه به تهران رفت.")
    assert document.quotations == ()


def test_a_reported_clause_is_indirect() -> None:
    document = annotated("ربیعی گفت که ایران آماده است. سپس رفت.", PER="ربیعی", LOC="ایران")

    (one,) = document.quotations
    assert (one.kind, one.text, one.cue) == ("indirect", "ایران آماده است.", "گفت")
    assert one.speaker == document.clusters[0].id


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("وی با اشاره به سخنان ترامپ گفت: ما آماده‌ایم.", "حسن روحانی"),
        ("او درباره دیدار با پوتین افزود: ما آماده‌ایم.", "حسن روحانی"),
        ("رئیس جمهور در ادامه تصریح کرد: ما آماده‌ایم.", "حسن روحانی"),
        ("این مقام یادآور شد: ما آماده‌ایم.", "حسن روحانی"),
        ("در پاسخ به پوتین، ترامپ گفت: ما آماده‌ایم.", "ترامپ"),
        ("ترامپ که با پوتین دیدار کرد، گفت: ما آماده‌ایم.", "ترامپ"),
        ("یک منبع آگاه گفت: ما آماده‌ایم.", None),
        ("وزارت نیرو اعلام کرد: آب کم است.", "وزارت نیرو"),
        ("در بیانیه وزارت نیرو آمده است: آب کم است.", "وزارت نیرو"),
        ("علی ربیعی وارد تهران شد. او گفت: ما آماده‌ایم.", "علی ربیعی"),
        ("به گزارش ایسنا، ترامپ گفت: ما آماده‌ایم.", "ترامپ"),
    ],
)
def test_the_speaker_is_the_subject(text: str, speaker: str | None) -> None:
    first = "حسن روحانی رئیس جمهور کشورمان گفت: سلام بر همه شما باد."
    names = "حسن روحانی|ترامپ|پوتین|علی ربیعی"
    found = said(f"{first}\n{text}", PER=names, ORG="وزارت نیرو|ایسنا")
    assert found[1][0] in (speaker, {"ترامپ": "دونالد ترامپ"}.get(speaker or ""))


def test_an_office_belongs_to_whom_the_article_gives_it() -> None:
    text = (
        "رضا رحمانی وزیر صمت گفت: تولید بیشتر شد.\n"
        "علی نوری استاندار قم گفت: راه‌ها خوب است.\n"
        "وزیر صمت افزود: بازار آرام است."
    )
    speakers = [speaker for speaker, _ in said(text, PER="رضا رحمانی|علی نوری")]
    assert speakers == ["رضا رحمانی", "علی نوری", "رضا رحمانی"]


def test_an_office_without_a_name_is_that_of_who_is_named_next() -> None:
    text = "وزیر علوم گفت: دانشگاه باز است.\nمنصور غلامی افزود: همه بیایند."
    assert [speaker for speaker, _ in said(text, PER="منصور غلامی")] == ["منصور غلامی"] * 2


def test_a_question_is_nobodys_and_its_answer_the_speakers() -> None:
    text = (
        "ربیعی گفت: ما آماده‌ایم.\n"
        "او در پاسخ به این پرسش که «آیا با آمریکا مذاکره می‌کنید؟» گفت: هرگز نخواهیم کرد."
    )
    speakers = {words: speaker for speaker, words in said(text, PER="ربیعی")}
    assert speakers["هرگز نخواهیم کرد."] == "ربیعی"
    assert speakers.get("آیا با آمریکا مذاکره می‌کنید؟") is None


def sources(text: str, **marks: str) -> list[tuple[str, str, bool]]:
    document = annotated(text, **marks)
    for one in document.sources:
        assert document.text[one.start : one.end] == one.text
    return [(one.cue, one.text, one.cluster is not None) for one in document.sources]


def test_sources_are_named_in_chains() -> None:
    text = "به گزارش ایسنا به نقل از خبرگزاری آناتولی، اردوغان رفت."
    assert sources(text, ORG="ایسنا|خبرگزاری آناتولی", PER="اردوغان") == [
        ("به گزارش", "ایسنا", True),
        ("به نقل از", "خبرگزاری آناتولی", True),
    ]


def test_a_newsroom_s_desk_is_passed_over() -> None:
    text = "به گزارش خبرنگار گروه سیاسی خبرگزاری مهر، اردوغان رفت."
    assert sources(text, ORG="خبرگزاری مهر") == [("به گزارش", "خبرگزاری مهر", True)]


def test_an_unknown_source_is_named_up_to_a_mark_or_a_rank() -> None:
    assert sources("به گزارش راهبرد معاصر رئیس جمهور رفت.") == [("به گزارش", "راهبرد معاصر", False)]
    assert sources("به نوشته رسانه‌های محلی، او رفت.") == [("به نوشته", "رسانه‌های محلی", False)]


def test_whose_words_are_told_is_no_source() -> None:
    assert sources("به گفته وی، بازار آرام است.") == []


def test_the_user_s_article(seed_text: str) -> None:
    document = Pipeline().annotate(seed_text, date="2022-05-28")

    names = {cluster.id: cluster.name for cluster in document.clusters}
    direct = [
        (names[q.speaker or ""], q.text[:20]) for q in document.quotations if q.kind == "direct"
    ]
    assert direct == [
        ("جو بایدن", "ایالات متحده آماده ک"),
        ("جو بایدن", "ما همچنان آذربایجان "),
        ("آلکسی زایتسف", "روسیه متعهد به عادی "),
        ("آلکسی زایتسف", "ما متعهد به پیشبرد ف"),
    ]
    assert [source.cue for source in document.sources] == ["به گزارش", "به نوشته", "به نقل از"]

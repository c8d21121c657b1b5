"""Blocks of a page."""

import pytest

from pnews.aligned import AlignedText
from pnews.article.blocks import blocks
from pnews.pipeline import Pipeline


def kinds(text: str) -> list[tuple[str, int | None]]:
    return [(block.kind, block.repeats) for block in blocks(AlignedText.identity(text))]


def test_a_first_line_without_a_full_stop_is_the_title() -> None:
    assert kinds("سفر وزیر خارجه به مسکو\n\nوزیر خارجه رفت.") == [("title", None), ("body", None)]


def test_a_first_line_with_a_full_stop_is_body() -> None:
    assert kinds("وزیر خارجه رفت.\nاو آمد.") == [("lede", None), ("body", None)]


def test_a_text_of_one_line_has_no_title() -> None:
    assert kinds("وزیر خارجه رفت") == [("body", None)]


def test_a_long_first_line_is_body() -> None:
    assert kinds("وزیر " * 60 + "\nاو آمد.")[0] == ("lede", None)


def test_repeated_headlines_are_marked_whatever_their_spacing() -> None:
    text = "سفر علی\u200cاف\nسفر علی اف\nمتن خبر.\n«سفر علیاف»\n"
    assert kinds(text) == [("title", None), ("title", 0), ("body", None), ("title", 0)]


def test_lines_of_marks_alone_repeat_only_themselves() -> None:
    assert kinds("خبر\nمتن.\n***\n---\n***")[2:] == [
        ("boilerplate", None),
        ("boilerplate", None),
        ("boilerplate", 2),
    ]


def test_offsets_are_those_of_the_source() -> None:
    aligned = AlignedText.identity("خبررر تازه\n\nمتن.").replace([(2, 5, "ر")])
    assert [(b.start, b.end) for b in blocks(aligned)] == [(0, 10), (12, 16)]


TOLD = "وزیر امور خارجه روز شنبه در نشستی با همتای خود درباره روابط دو کشور گفت‌وگو کرد."
MORE = "دو طرف در این دیدار بر گسترش همکاری‌ها در همه زمینه‌ها تأکید و برای ادامه آن توافق کردند."


def last_kinds(*lines: str) -> list[str]:
    """The kinds of lines that stand below a headline and two paragraphs."""
    text = "\n".join(("سفر وزیر خارجه به مسکو", TOLD, MORE, *lines))
    return [block.kind for block in blocks(AlignedText.identity(text))][3:]


def test_the_first_of_several_paragraphs_is_the_lede() -> None:
    text = f"سفر وزیر خارجه به مسکو\n\n{TOLD}\n{MORE}"
    assert [kind for kind, _ in kinds(text)] == ["title", "lede", "body"]


@pytest.mark.parametrize(
    "line",
    [
        "انتهای پیام/",
        "انتهای پیام/ م.ب",
        "پایان پیام/ ۲۱۸",
        "حتما بخوانید: سایر مطالب گروه گوناگون",
        "بیشتر بخوانید:",
        "بیشتربخوانید: نقشه راه دو کشور",
        "برای مشاهده فوری اخبار و مطالب در کانال تلگرام ما عضو شوید!",
        "روی کلید واژه مرتبط کلیک کنید",
        "بیشترین بازدید یک ساعت گذشته",
        "کد خبرنگار: ۳۰۱۰۳",
        "۲۲۳۲۲۴",
        "156 /",
        "تهرام/۷۲۴۷//۱۳۴۸",
        "ایمیل",
        "نسخه چاپی",
        "- اخبار بین الملل -",
        "چهارشنبه ۱۳ شهریور ۱۳۹۸ - ۱۲:۳۰",
        "منبع: ایسنا",
        "گفتگو: ترنم کشاورز",
        ".................",
        "_x000D_",
        "var player = videojs('player_1');",
    ],
)
def test_boilerplate(line: str) -> None:
    assert last_kinds(line) == ["boilerplate"]


@pytest.mark.parametrize(
    "line",
    [
        "منبع آب این شهر خشک شده است و مردم هر روز ساعت‌ها در صف می‌ایستند.",
        "۵۷ کیلوگرم: رضا اطری",
        "جمعه ۲۲ شهریور ۹۸",
        "او در پایان پیام خود به مردم تسلیت گفت.",
        "نظر دولت در این باره روشن است.",
        "زاگرس شیراز - همیاری آذربایجان غربی",
    ],
)
def test_what_looks_like_boilerplate_and_is_told(line: str) -> None:
    assert last_kinds(line) == ["body"]


def test_headlines_below_a_heading_of_links_go_with_it_until_the_article_goes_on() -> None:
    links = ("بیشتر بخوانید:", "آیا جنگ می‌شود؟", "پیش‌بینی باران ۴ روزه در ۱۲ استان")
    assert last_kinds(*links, TOLD + " سپس رفت.") == ["boilerplate"] * 3 + ["body"]
    assert last_kinds(*links) == ["boilerplate"] * 3


def test_nothing_after_an_end_mark_is_the_article_s() -> None:
    assert last_kinds("انتهای پیام/د", "تجلیل از جانبازان شهر") == ["boilerplate"] * 2


def test_a_keyword_or_an_end_mark_glued_to_the_last_sentence_is_a_block_of_its_own() -> None:
    text = f"سفر وزیر خارجه\n{TOLD}\n{MORE}/آمریکا"
    found = blocks(AlignedText.identity(text))
    assert [(b.kind, text[b.start : b.end]) for b in found[2:]] == [
        ("body", MORE),
        ("boilerplate", "/آمریکا"),
    ]
    glued = f"سفر وزیر خارجه\n{TOLD}\n{MORE} انتهای پیام/"
    assert [b.kind for b in blocks(AlignedText.identity(glued))][2:] == ["body", "boilerplate"]


def test_a_caption() -> None:
    assert last_kinds("عکس: رضا سعیدی پور") == ["caption"]


def test_the_user_s_article(seed_text: str) -> None:
    document = Pipeline().annotate(seed_text)
    texts = [(b.kind, seed_text[b.start : b.end]) for b in document.blocks]

    headline = "نامه بایدن به الهام علیاف درباره عادی سازی روابط باکو و ایروان"
    assert [text for kind, text in texts if kind == "title"] == [headline] * 3
    assert [text for kind, text in texts if kind == "boilerplate"] == [
        "/آمریکا",
        "حتما بخوانید: سایر مطالب گروه گوناگون",
        "برای مشاهده فوری اخبار و مطالب در کانال تلگرام ما عضو شوید!",
        "روی کلید واژه مرتبط کلیک کنید",
        "بیشترین بازدید یک ساعت گذشته",
        "اولین واکنش منوچهر هادی به ویدئوی جنجالی یکتا ناصر",
    ]


def test_entities_say_their_block_and_boilerplate_can_be_left_out(seed_text: str) -> None:
    whole = Pipeline().annotate(seed_text)
    body = Pipeline(options={"article": {"body_only": True}}).annotate(seed_text)

    assert {entity.block for entity in whole.entities} >= {"title", "body"}
    told = [entity for entity in whole.entities if entity.block != "boilerplate"]
    assert list(body.entities) == told
    kept = {entity.id for entity in told}
    assert all(set(cluster.mentions) <= kept for cluster in body.clusters)


def test_a_blank_text_has_no_blocks() -> None:
    assert Pipeline().annotate(" \n").blocks == ()

"""Web pages as input: the article in them, as if its text had been given."""

import json
from pathlib import Path

import pytest
from conftest import Run

Z = "\u200c"
PARAGRAPHS = (
    f"وزیر خارجه ایران در گفت{Z}وگو با خبرنگاران گفت: «ما آماده هستیم و به باکو می{Z}رویم.»",
    "او دیروز با الهام علیاف در باکو دیدار کرد و درباره روابط دو کشور و مسائل منطقه سخن گفت.",
    "این دیدار نخستین دیدار دو طرف پس از سال ۲۰۲۰ است و به گفته او نتیجه روشنی داشته است.",
)
TITLE = "دیدار وزیر خارجه ایران با علیاف"
PAGE = (
    '<!DOCTYPE html><html lang="fa"><head><meta charset="utf-8">'
    f"<title>{TITLE} | خبرگزاری</title>"
    f'<meta property="og:title" content="{TITLE}">'
    '<meta property="article:published_time" content="2022-05-28T10:00:00+04:30"></head><body>'
    '<nav><a href="/">خانه</a> <a href="/sport">ورزش</a> <a href="/world">جهان</a></nav>'
    f"<article><h1>{TITLE}</h1>"
    + "".join(f"<p>{text.replace(Z, '&zwnj;')}</p>" for text in PARAGRAPHS)
    + "</article><footer>همه حقوق محفوظ است. <a href='/about'>درباره ما</a></footer></body></html>"
)
TEXT = "\n".join((TITLE, *PARAGRAPHS))


def test_a_page_gives_the_document_of_its_text(pnews: Run, tmp_path: Path) -> None:
    page, text = tmp_path / "news.html", tmp_path / "news.txt"
    page.write_text(PAGE, encoding="utf-8")
    text.write_text(TEXT, encoding="utf-8")
    found = pnews("annotate", "--id", "n", page)
    assert found.out == pnews("annotate", "--id", "n", "--date", "2022-05-28", text).out
    assert json.loads(found.out)["meta"]["date"] == "2022-05-28"


def test_a_page_on_standard_input_is_known_by_its_start(pnews: Run) -> None:
    assert json.loads(pnews("normalize", stdin=PAGE).out)["text"] == TEXT
    assert pnews("normalize", "--format", "text", stdin=PAGE).out.count("\n") == 4


def test_half_spaces_come_through(pnews: Run) -> None:
    assert f"گفت{Z}وگو" in json.loads(pnews("normalize", stdin=PAGE).out)["text"]


@pytest.mark.parametrize("page", ["<html></html>", "<!doctype html>", "<html><body></body></html>"])
def test_a_page_without_an_article_is_refused(pnews: Run, page: str) -> None:
    found = pnews("annotate", stdin=page)
    assert (found.status, found.out) == (2, "")
    assert found.err.startswith("pnews: -: no article found")
    assert found.err.count("\n") == 1


def test_a_page_is_not_put_right_in_place(pnews: Run, tmp_path: Path) -> None:
    page = tmp_path / "news.html"
    page.write_text(PAGE, encoding="utf-8")
    assert pnews("normalize", "--in-place", page).status == 2
    assert page.read_text(encoding="utf-8") == PAGE

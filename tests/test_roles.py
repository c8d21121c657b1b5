"""Offices that stand for the person whose they are."""

from __future__ import annotations

from test_quotations import annotated

from pnews.document import Document
from pnews.pipeline import Pipeline


def roles(document: Document) -> dict[str, list[str]]:
    for cluster in document.clusters:
        for role in cluster.roles:
            assert document.text[role.start : role.end] == role.text
    return {c.name: [role.text for role in c.roles] for c in document.clusters if c.roles}


def test_an_office_elsewhere_is_whose_the_article_says_it_is() -> None:
    text = (
        "رضا رحمانی رئیس سازمان صنایع ایران به قم رفت.\nرئیس سازمان صنایع ایران با مردم دیدار کرد."
    )
    found = roles(annotated(text, PER="رضا رحمانی", ORG="سازمان صنایع ایران", LOC="قم"))
    assert found == {"رضا رحمانی": ["رئیس سازمان صنایع ایران"] * 2}


def test_the_office_may_stand_before_the_name_and_its_country_be_called_otherwise() -> None:
    text = "رئیس جمهور ایالات متحده «رضا بایدنی» رفت.\nرئیس‌جمهور آمریکا بازگشت."
    found = roles(annotated(text, PER="رضا بایدنی", LOC="ایالات متحده|آمریکا"))
    assert found == {"رضا بایدنی": ["رئیس جمهور ایالات متحده", "رئیس‌جمهور آمریکا"]}


def test_an_office_that_two_people_have_is_nobodys() -> None:
    text = (
        "علی نوری معاون وزارت نیرو و رضا رحمانی معاون وزارت نیرو رفتند.\n"
        "معاون وزارت نیرو گفت: آب کم است."
    )
    assert roles(annotated(text, PER="علی نوری|رضا رحمانی", ORG="وزارت نیرو")) == {}


def test_an_office_that_nobody_is_given_is_nobodys() -> None:
    text = "رئیس جمهور فرانسه به تهران رفت. علی نوری هم رفت."
    assert roles(annotated(text, PER="علی نوری", LOC="فرانسه|تهران")) == {}


def test_the_user_s_article(seed_text: str) -> None:
    found = roles(Pipeline().annotate(seed_text))

    assert found["جو بایدن"] == ["رئیس جمهور ایالات متحده"] * 2
    assert len(found["الهام علی\u200cاف"]) == 3
    assert found["ولادیمیر پوتین"] == ["رئیسجمهور روسیه"]

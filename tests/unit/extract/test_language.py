"""Other languages are named; English is never refused."""

from __future__ import annotations

import pytest

from dragoman_server.extract.language import foreign_language, is_english_tag, language_name


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("es", "Los ministros se reunieron el lunes en Madrid para hablar de la pesca y del gas."),
        ("de", "Der Außenminister traf am Montag seinen Amtskollegen und sprach mit ihm."),
        ("fr", "Le ministre a rencontré lundi son homologue pour parler de la paix au Sahel."),
        ("pt", "O presidente assinou na segunda-feira um acordo de pesca com Portugal em Lisboa."),
        ("ru", "Министр иностранных дел встретился в понедельник с коллегой в Москве."),
        ("ar", "عقد وزير الخارجية اجتماعا مع نظيره في القاهرة يوم الاثنين لبحث الأزمة"),
        ("zh", "外交部长周一在北京会晤了来自法国的对方并签署协议"),
        ("ja", "日本の外相は月曜日に東京で韓国の外相と会談した"),
    ],
)  # fmt: skip
def test_foreign_language_is_told(code: str, text: str) -> None:
    assert foreign_language(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Yesterday.",
        "Putin, Xi meet",
        "Reunión",
        "Netanyahu, Abbas hold talks in Sharm el-Sheikh",
        "Bruno Rodriguez, Jorge Rodriguez y Nicolas Maduro",
        "Tbilisi, Yerevan sign accord; Kocharyan, Saakashvili embrace Shevardnadze",
        "Nigerian minister Dubem Oniya summoned Niger's ambassador Brah Mohamane on Tuesday.",
        "The minister said “пора” and the crowd of Москва answered with Слава, witnesses said.",
        "word " * 1_000,
        "a" * 1_000,
        "👩‍👩‍👧 " * 100,
        "\x00" * 100,
        "1979 1980 1981 " * 50,
    ],
)
def test_english_and_the_undecided_pass(text: str) -> None:
    assert foreign_language(text) is None


def test_tags() -> None:
    assert all(map(is_english_tag, ["en", "EN", "en-GB", "en_US", "eng", "English"]))
    assert not any(map(is_english_tag, ["es", "enm", "de-EN", ""]))


@pytest.mark.parametrize(
    ("code", "name"),
    [("es", "Spanish"), ("fr-CA", "French"), ("el", "Greek"), ("tlh", "Klingon"), ("xx", "xx")],
)
def test_language_name(code: str, name: str) -> None:
    assert language_name(code) == name

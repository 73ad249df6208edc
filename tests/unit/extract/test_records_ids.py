"""Ids are readable, stable and unique within a document."""

from __future__ import annotations

from dragoman_server.extract.records.ids import MAX_SLUG, Namer, sides, slug
from dragoman_server.extract.values import Part


def test_an_id_depends_on_document_kind_part_and_place_alone() -> None:
    first = Namer("doc.a").name("event", "agree", Part.BODY, 7)
    assert first == Namer("doc.a").name("event", "agree", Part.BODY, 7)
    others = {
        Namer("doc.b").name("event", "agree", Part.BODY, 7),
        Namer("doc.a").name("sanction", "agree", Part.BODY, 7),
        Namer("doc.a").name("event", "agree", Part.TITLE, 7),
        Namer("doc.a").name("event", "agree", Part.BODY, 8),
    }
    assert first not in others
    assert len(others) == 4


def test_a_label_does_not_change_the_hash() -> None:
    one = Namer("doc.a").name("event", "agree", Part.BODY, 7)
    two = Namer("doc.a").name("event", "consult", Part.BODY, 7)
    assert one.removeprefix("event.agree.") == two.removeprefix("event.consult.")


def test_collisions_are_counted() -> None:
    namer = Namer("doc.a")
    first = namer.name("event", "agree", Part.BODY, 7)
    assert namer.name("event", "agree", Part.BODY, 7) == f"{first}-2"
    assert namer.name("event", "agree", Part.BODY, 7) == f"{first}-3"


def test_a_lone_surrogate_in_a_document_id_does_no_harm() -> None:
    assert Namer("doc.\ud800").name("event", "agree", Part.BODY, 0).startswith("event.agree.")


def test_sides_are_in_one_order() -> None:
    assert sides(["VEN", "USA"]) == sides(["USA", "VEN"]) == "usa-ven"
    assert sides(["igo.eu", "CUB"]) == "cub-igo-eu"


def test_slug_is_short_and_plain() -> None:
    assert slug("São Tomé & Príncipe!") == "s-o-tom-pr-ncipe"
    assert len(slug("x" * 100)) == MAX_SLUG
    assert slug("…") == ""

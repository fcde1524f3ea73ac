"""What differs between two specifications is put into sections by what it does to lots, the loudest first."""

from __future__ import annotations

from types import SimpleNamespace as Some

from web.specifications.difference_text import by_effect, findings_text, loosened

LIMIT = Some(aspect="limit", old="at least 20000000 cells", new="at least 5 cells", wording=False)
NOTE = Some(aspect="note", old="20000000", new="", wording=True)


def difference(effect: str, kind: str = "changed", *changes: Some) -> Some:
    """A difference as the registry has it."""
    return Some(label=effect, kind=kind, effect=effect, changes=changes, instead=())


def test_sections_stand_by_effect_whatever_the_order() -> None:
    """Those that there are, each with its number among all."""
    sections = by_effect([difference("none", "changed", NOTE), difference("stricter"), difference("looser")])
    assert [(section.word, section.number, section.is_wording) for section in sections] == [
        ("looser", 1, False),
        ("stricter", 3, False),
        ("none", 4, True),
    ]
    assert by_effect([]) == []


def test_figures_of_a_limit_are_grouped_and_those_of_a_text_are_not() -> None:
    """A note is the author's."""
    (section,) = by_effect([difference("looser", "changed", LIMIT, NOTE)])
    (criterion,) = section.criteria
    assert [(text.old, text.new) for text in criterion.changes] == [
        ("at least 20\u202f000\u202f000 cells", "at least 5 cells")
    ]
    assert [(text.aspect, text.old) for text in criterion.worded] == [("note", "20000000")]


def test_what_is_new_lets_nothing_more_through() -> None:
    """Only a change of what was asked for before asks for less."""
    differences = [difference("looser", "added"), difference("looser"), difference("partly looser"), difference("none")]
    assert [text.effect for text in loosened(differences)] == ["looser", "partly looser"]


def test_a_finding_says_what_to_do_unless_nothing_is_to_be_done() -> None:
    """``Nothing.`` is no advice."""
    finding = Some(severity="error", criterion=None, message="It is.", todo="Nothing.", code="x")
    other = Some(severity="warning", criterion="cd73", message="It is.", todo="Look.", code="x")
    assert [(text.is_error, text.criterion, text.message) for text in findings_text([finding, other])] == [
        (True, "", "It is."),
        (False, "cd73", "It is. Look."),
    ]

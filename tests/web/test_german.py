"""The German pages: every word is there, no value is lost, and the answer has the record's own English beneath it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from tests.conftest import ROOT
from tests.web.conftest import HTML, Site

LANGUAGES = ROOT / "web" / "languages"
VALUE = re.compile(r"%\(\w+\)s|\{\w+\}|%%")
TAG = re.compile(r"<[^>]+>")
GERMAN = {**HTML, "Accept-Language": "de-DE, de;q=0.9, en;q=0.5"}


def messages(file: Path) -> dict[tuple[str | None, str], Message]:
    """The strings of a catalogue by their context and English."""
    with file.open("rb") as stream:
        catalogue = read_po(stream)
    return {
        (message.context, message.id if isinstance(message.id, str) else message.id[0]): message
        for message in catalogue
        if message.id
    }


def test_every_string_of_the_catalogue_is_translated_and_none_is_left_over() -> None:
    """A new sentence on a page needs its German before it is merged."""
    catalogue, german = messages(LANGUAGES / "messages.pot"), messages(LANGUAGES / "de.po")
    empty = [key for key, message in german.items() if not all(_texts(message.string)) or message.fuzzy]
    assert (sorted(map(str, catalogue.keys() ^ german.keys())), empty) == ([], [])


def test_a_translation_has_the_values_and_the_markup_of_its_english() -> None:
    """A lot, a time or a link that is lost in translation would be lost on the page."""
    wrong = [
        (english, text)
        for message in messages(LANGUAGES / "de.po").values()
        for english, text in zip(_texts(message.id), _texts(message.string), strict=True)
        if sorted(TAG.findall(english)) != sorted(TAG.findall(text))
        or set(VALUE.findall(english)) != set(VALUE.findall(text))
    ]
    assert wrong == []


def _texts(value: str | tuple[str, ...] | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


@pytest.mark.parametrize(
    ("lot", "word", "recorded"),
    [
        ("H-03", "Darf injiziert werden", "May be injected: released"),
        ("H-05", "Darf nicht injiziert werden", "Must not be injected: on hold"),
    ],
)
def test_the_answer_is_said_in_german_with_the_records_english_beneath(
    site: Site, lot: str, word: str, recorded: str
) -> None:
    """A clinic reads its own language, and can quote what the registry of another house says."""
    page = site.app.test_client().get(f"/lots/{lot}", headers={**site.bearer("clinic"), **GERMAN}).text
    answer = page.partition('<section class="answer')[2].partition("</section>")[0]
    paragraphs = re.findall(r'<p class="(word|as-recorded)"( lang="en")?>(.*?)</p>', answer)
    assert paragraphs == [("word", "", word), ("as-recorded", ' lang="en"', recorded)]


def test_the_answer_in_english_is_said_once(site: Site) -> None:
    """Nothing stands beneath it."""
    page = site.app.test_client().get("/lots/H-03", headers={**site.bearer("clinic"), **HTML}).text
    assert "as-recorded" not in page

"""Write ``messages.pot``, the catalogue of every string of the pages: ``make words``."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

from web.vocabulary import ENTRIES, SCOPES

HERE = Path(__file__).parent
WEB = HERE.parent
NOTE = """# Every string of the pages, made from the templates and modules of web/ by `make words`.
# To add a language: copy this file to web/languages/CODE.po (de.po, fr.po, pt_BR.po), translate each msgstr, and
# start the server again; browsers that prefer CODE then get it. What is left empty stays English."""
METHODS = [("templates/**.html", "jinja2"), ("**.py", "python")]
CHANGING = ('"POT-Creation-Date', '"Generated-By', '"Project-Id-Version', '"Report-Msgid', '"PO-Revision', '"Last-T')
"""Lines of the head that differ from day to day and from machine to machine, or that a translator fills in."""
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "several": (1, 2), "marked": None}


def catalogue() -> str:
    """The text of ``messages.pot``: where each string stands is named by its file."""
    messages = Catalog(project="cell product registry", fuzzy=False)
    messages.header_comment = NOTE
    options = {"templates/**.html": {"trimmed": "true", "silent": "false"}}
    for file, _line, message, comments, context in extract_from_dir(
        WEB, METHODS, options_map=options, keywords=KEYWORDS, comment_tags=("NOTE:",)
    ):
        messages.add(message, locations=[(f"web/{file}", 0)], auto_comments=comments, context=context)
    for word in (*ENTRIES, *SCOPES):
        messages.add(word, locations=[("web/vocabulary.py", 0)])
    out = BytesIO()
    write_po(out, messages, width=120, include_lineno=False, omit_header=False, sort_by_file=False, sort_output=True)
    lines = out.getvalue().decode().split("\n")
    return "\n".join(line for line in lines if not line.startswith(CHANGING))


if __name__ == "__main__":
    (HERE / "messages.pot").write_text(catalogue(), encoding="utf-8")

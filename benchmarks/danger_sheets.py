"""Sheets of lots that pass, made at random, and the dangers that may strike one of them: what ``dangers.py`` tries."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat

HIGH, LOW = ("CD73", "CD90", "CD105"), ("CD45", "CD34", "HLA-DR")
AGAINST = (
    "void", "VOID - tube clogged", "invalid", "OOS", "FAIL", "failed", "retracted", "rejected", "cancelled",
    "entered-in-error", "out of specification", "not valid", "do not use", "ungültig", "verworfen", "nicht bestanden",
    "storniert", "n.i.O.", "invalide", "annulé", "rejeté", "non conforme", "hors spécification", "inválido", "anulado",
    "no válido", "rechazado", "fuera de especificación", "无效", "作废", "不合格", "失败", "撤回", "超标",
    "NOK", "❌", "contaminated", "not reportable", "to be repeated", "on hold", "inconclusive", "Probe verwechselt",
    "zu wiederholen", "à refaire", "non exploitable", "no concluyente", "需复测", "污染", "剔除",
)  # fmt: skip
VERDICTS = (
    "Result valid?", "Pass/Fail", "review_state", "Result Status", "Status of result", "Flag", "OOS?",
    "Deviation", "Void",
    "Retracted", "Gültig", "Bewertung", "Abweichung", "Valide", "Statut", "Écart", "Válido", "Estado",
    "Desviación", "有效",
    "Excluded", "Withdrawn", "Usable", "Use?", "Reportable", "Within limits", "Problem", "QC", "Ausgeschlossen", "判定",
    "状态", "偏差", "QC verdict", "Disposition",
)  # fmt: skip
SECOND = (
    "FITC-{}",
    "Anti-{}",
    "Repeat {}",
    "{} second",
    "{} PE",
    "2nd {}",
    "{} (repeat)",
    "old {}",
    "{}-APC",
    "{} rerun %",
)
PLAIN = (("Operator initials of QC", "AB"), ("Sample colour", "pink"), ("Acceptance criteria", "≥95"), ("Site", "Bonn"))


@dataclass
class Sheet:
    """A table as rows of cells, and what is to be done to it as a workbook. ``first`` is where the header stands."""

    rows: list[list[Any]]
    victim: str
    is_long: bool
    first: int = 0
    changes: list[Callable[[Any], object]] = field(default_factory=list)
    workbook: bool = True
    title: str = "QC"

    def mine(self) -> list[int]:
        """The places of the rows of the lot that is struck."""
        return [place for place, row in enumerate(self.rows) if place > self.first and self.victim in row]

    def cells(self, dice: random.Random) -> tuple[int, int]:
        """A cell of that lot's rows under a column that is read."""
        row = dice.choice(self.mine())
        read = range(4) if self.is_long else range(7)
        return row, dice.choice(list(read))

    def values(self, dice: random.Random) -> tuple[int, int]:
        """A cell that holds one of its values."""
        return dice.choice(self.mine()), 2 if self.is_long else dice.randint(1, 6)

    def column(self, header: str, cell: str, row: int) -> None:
        """One more column, with one cell."""
        for place, line in enumerate(self.rows):
            if place >= self.first:
                line.append(header if place == self.first else cell if place == row else None)


def sheet(dice: random.Random) -> Sheet:
    """A table of lots that pass."""
    lots = [f"H-{number}" for number in dice.sample(range(10, 99), dice.randint(1, 3))]
    figures = {lot: {name: str(dice.randint(951, 999) / 10) for name in HIGH}
               | {name: str(dice.randint(0, 19) / 10) for name in LOW} for lot in lots}  # fmt: skip
    is_long = dice.random() < 0.6
    if is_long:
        rows: list[list[Any]] = [[lot, name, value, "%"] for lot in lots for name, value in figures[lot].items()]
        dice.shuffle(rows)
        rows.insert(0, ["lot", "characteristic", "value", "unit"])
    else:
        form = dice.choice(("{} (%)", "% {}", "{} %", "{}+ (%)", "{} positive (%)"))
        rows = [["lot", *(form.format(name) for name in (*HIGH, *LOW))]]
        rows += [[lot, *(figures[lot][name] for name in (*HIGH, *LOW))] for lot in lots]
    made = Sheet(rows, dice.choice(lots), is_long, workbook=dice.random() < 0.6)
    for header, cell in dice.sample(PLAIN, dice.randint(0, 2)):
        for place, line in enumerate(made.rows):
            line.append(header if place == 0 else cell)
    if dice.random() < 0.3:
        made.rows.insert(0, ["Certificate of analysis"])
        made.first = 1
    return made


def _at(page: Any, cell: tuple[int, int]) -> Any:
    return page.cell(cell[0] + 1, cell[1] + 1)


def _rich(text: str, at: int, **font: Any) -> CellRichText:
    runs = [text[:at], TextBlock(InlineFont(**font), text[at : at + 1]), text[at + 1 :]]
    return CellRichText(*(run for run in runs if run))


def raised(made: Sheet, dice: random.Random) -> None:
    """One sign of a cell is raised, lowered or struck out; or one of a heading is."""
    cell = dice.choice((made.cells(dice), (made.first, dice.randint(1, 3))))
    text = str(made.rows[cell[0]][cell[1]])
    font = dice.choice(({"vertAlign": "superscript"}, {"vertAlign": "subscript"}, {"strike": True}))
    signs = [place for place, sign in enumerate(text) if sign != " "]
    shown = _rich(text, dice.choice(signs), **font)
    made.changes.append(lambda page: setattr(_at(page, cell), "value", shown))


def crossed(made: Sheet, dice: random.Random) -> None:
    """A cell is crossed out by its border, of its fill's colour, of no size, or called bad."""
    cell = made.cells(dice)
    looks: tuple[dict[str, Any], ...] = (
        {"border": Border(diagonal=Side(style="thin"), diagonalUp=dice.random() < 0.5, diagonalDown=True)},
        {"font": Font(color="FFC00000"), "fill": PatternFill("solid", start_color="FFC00000")},
        {"font": Font(size=1)},
        {"style": "Bad"},
    )
    look = dice.choice(looks)
    made.changes.append(lambda page: [setattr(_at(page, cell), name, given) for name, given in look.items()])


def struck(made: Sheet, dice: random.Random) -> None:
    """A whole cell is struck out, raised, or white."""
    cell = made.cells(dice)
    font = dice.choice((Font(strike=True), Font(vertAlign="superscript"), Font(color="FFFFFFFF")))
    made.changes.append(lambda page: setattr(_at(page, cell), "font", font))


def formatted(made: Sheet, dice: random.Random) -> None:
    """A number format shows another thing than the value."""
    cell, form = (
        made.values(dice),
        dice.choice((";;;", '"fail"', '[>0]"OOS";0', "0.0,", '0;0;0;"void"', '@" void"', "# ?/?")),
    )
    number = float(made.rows[cell[0]][cell[1]])
    is_text = "@" in form or form.count(";") == 3

    def change(page: Any) -> None:
        _at(page, cell).value = made.rows[cell[0]][cell[1]] if is_text else number
        _at(page, cell).number_format = form

    made.changes.append(change)


def conditional(made: Sheet, dice: random.Random) -> None:
    """A rule may show the value otherwise."""
    cell = made.values(dice)
    rule = CellIsRule(operator="greaterThan", formula=["0"], font=Font(strike=True))
    if dice.random() < 0.6:
        rule.dxf = DifferentialStyle(numFmt=NumberFormat(numFmtId=200, formatCode=dice.choice(('"fail"', ";;;"))))
    made.changes.append(lambda page: page.conditional_formatting.add(_at(page, cell).coordinate, rule))


def commented(made: Sheet, dice: random.Random) -> None:
    """Somebody wrote at a cell that the result does not count."""
    cell, words = made.cells(dice), dice.choice(AGAINST)
    made.changes.append(lambda page: setattr(_at(page, cell), "comment", Comment(f"QA: {words}", "qa")))


def hidden(made: Sheet, dice: random.Random) -> None:
    """A row that nobody sees."""
    row = dice.choice(made.mine())
    made.changes.append(lambda page: setattr(page.row_dimensions[row + 1], "hidden", True))


def computed(made: Sheet, dice: random.Random) -> None:
    """A formula in place of a value."""
    cell = made.values(dice)
    made.changes.append(lambda page: setattr(_at(page, cell), "value", "=90+5"))


def renamed(made: Sheet, dice: random.Random) -> None:
    """A lot that is a date, or a number too long to be kept: its old name has no panel, and no new one passes."""
    held: Any = dice.choice((datetime(2026, 2, 1), 12345678901234567))
    for row in made.mine():
        made.changes.append(lambda page, row=row: setattr(_at(page, (row, 0)), "value", held))


def printed_on(made: Sheet, dice: random.Random) -> None:
    """The page or the sheet says that nothing on it counts."""
    if dice.random() < 0.5:
        made.title = dice.choice(("VOID", "invalid", "OOS", "rejected"))
    else:
        made.changes.append(lambda page: setattr(page.oddHeader.center, "text", "DRAFT - not valid"))


def verdict_column(made: Sheet, dice: random.Random) -> None:
    """A column says that the result does not count."""
    made.column(dice.choice(VERDICTS), dice.choice(AGAINST), dice.choice(made.mine()))


def second_value(made: Sheet, dice: random.Random) -> None:
    """A column that nobody reads holds the marker again."""
    made.column(dice.choice(SECOND).format(dice.choice((*HIGH, *LOW))), "35", dice.choice(made.mine()))


def remark_column(made: Sheet, dice: random.Random) -> None:
    """A word of invalidity under any heading."""
    made.column(
        dice.choice(("Comment", "note", "QA", "Bemerkung", "x", "备注")), dice.choice(AGAINST), dice.choice(made.mine())
    )


def titled(made: Sheet, dice: random.Random) -> None:
    """A title or footnote says that nothing counts."""
    words = [f"Certificate {dice.choice(AGAINST)}"]
    if dice.random() < 0.5 and not made.is_long:
        made.rows.append(words)
    else:
        made.rows.insert(0, words)
        made.first += 1


def misprinted(made: Sheet, dice: random.Random) -> None:
    """A value that is none."""
    row, place = made.values(dice)
    value = made.rows[row][place]
    made.rows[row][place] = dice.choice(
        (
            "n.d.",
            "pass",
            f"{value} ± 0.3",
            f"{value}*",
            f"{value} (void)",
            "< LOD",
            "BLQ",
            "-",
            "complies",
            "pending",
            f"{value} CFU",
        )
    )


def misnamed(made: Sheet, dice: random.Random) -> None:
    """A name that says more, or less, than the marker."""
    at = dice.choice(made.mine()) if made.is_long else made.first
    place = 1 if made.is_long else dice.randint(1, 6)
    name = (*HIGH, *LOW)[place - 1] if not made.is_long else made.rows[at][1]
    other = dice.choice(("{}-", "{} neg", "{}dim", "{}/CD19", "FMO {}", "isotype {}", "{} PE", "{}bright", "{}x9"))
    made.rows[at][place] = other.format(name) + ("" if made.is_long else " (%)")


IN_WORKBOOKS = (raised, crossed, struck, formatted, conditional, commented, hidden, computed, renamed, printed_on)
ANYWHERE = (verdict_column, second_value, remark_column, titled, misprinted, misnamed)

"""What laboratories call the columns of a table, in English, German, French, Spanish and Chinese.

    Charge;Merkmal;Wert;Einheit                  lot, characteristic, value, unit
    Test | Acceptance criteria | Result          characteristic, (what was asked), value

A word is taken for a column only where one column alone is called so, and no column already has its name.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from registry.intake.checks.invalid_words import unaccented
from registry.intake.tabular.columns import KNOWN, SHORT, key_of

# fmt: off
_WORDS: dict[str, tuple[str, ...]] = {
    "lot": (
        "lot#", "lot #", "lot no", "lot nr", "lot number", "lot id", "lot n°", "lot name",
        "batch", "batch no", "batch nr", "batch number", "batch id", "batch #", "batch#",
        "charge", "chargennummer", "chargen nr", "charge nr", "chargenbezeichnung", "los", "losnummer",
        "numero de lot", "n° de lot", "no de lot", "nº de lot", "lote", "numero de lote", "n° de lote",
        "nº de lote", "no lote",
        "批号", "批次", "批次号", "产品批号", "批號", "批次號",
    ),
    "characteristic": (
        "test", "tests", "test item", "test parameter", "marker", "markers", "antigen", "analyte", "parameter", "assay",
        "attribute", "quality attribute", "merkmal", "merkmale", "prufparameter", "pruefparameter", "prufpunkt",
        "prufung",
        "analyt", "caracteristique", "marqueur", "parametre", "essai", "analyse", "antigene",
        "caracteristica", "marcador", "parametro", "prueba", "ensayo", "antigeno",
        "项目", "检测项目", "检验项目", "检测指标", "指标", "标志物", "标记物", "参数", "項目", "檢測項目",
    ),
    "value": (
        "result", "results", "reading", "measurement", "measured value", "test result", "ergebnis", "wert", "messwert",
        "prufergebnis", "pruefergebnis", "resultat", "resultats", "valeur", "mesure", "resultado", "resultados",
        "valor",
        "结果", "检测结果", "检验结果", "数值", "测定值", "结果值", "結果", "檢測結果",
    ),
    "unit": ("units", "unit of measure", "uom", "einheit", "einheiten", "unite", "unites", "unidad", "unidades",
    "单位", "單位"),
    "method": ("test method", "methode", "prufmethode", "metodo", "方法", "检测方法", "检验方法"),
    "stage": ("stadium", "etape", "etapa", "阶段"),
    "note": (
        "notes", "comment", "comments", "remark", "remarks", "bemerkung", "bemerkungen", "kommentar",
        "kommentare", "anmerkung",
        "anmerkungen", "commentaire", "commentaires", "remarque", "remarques", "observacion", "observaciones",
        "comentario",
        "comentarios", "备注", "注释", "備註", "说明",
    ),
}
_ASKED = frozenset({
    "criteria", "criterion", "acceptance criteria", "acceptance criterion", "acceptance limit",
    "acceptance limits", "acceptance",
    "acceptance range", "specification", "specifications", "spec", "specs", "limit", "limits", "reference range",
    "requirement", "requirements", "release criteria", "release limit", "target", "expected",
    "akzeptanzkriterium", "akzeptanzkriterien", "spezifikation", "grenzwert", "grenzwerte", "sollwert", "anforderung",
    "critere", "criteres", "critere d acceptation", "criteres d acceptation", "limite", "limites", "norme", "exigence",
    "criterio", "criterios", "criterio de aceptacion", "criterios de aceptacion", "especificacion", "especificaciones",
    "标准", "标准规定", "接受标准", "限度", "质量标准", "规定", "標準",
})
# fmt: on
_NAMES = {unaccented(word): name for name, words in _WORDS.items() for word in words}
_PAIR = ("characteristic", "value")


def named(header: Sequence[str]) -> tuple[str, ...]:
    """The header with its columns under the names that they are read by, where it is certain which they are."""
    meant = [_NAMES.get(_key(cell)) if key_of(cell) not in KNOWN else None for cell in header]
    present = {key_of(cell) for cell in header}
    sure = {name for name in _WORDS if meant.count(name) == 1 and name not in present}
    if not all(name in sure | present for name in _PAIR):
        sure -= {*_PAIR, "unit"}
    return tuple(name if name in sure and name is not None else cell for cell, name in zip(header, meant, strict=True))


def is_heading_of(cell: str, name: str) -> bool:
    """True when a cell is, or may be, the heading of the column ``name``."""
    return key_of(cell) == name or _NAMES.get(_key(cell)) == name


def says_what_is_asked(cell: str) -> bool:
    """True for the heading of acceptance criteria, which stand in a specification here and are no results."""
    return _key(cell) in _ASKED


def _key(cell: str) -> str:
    return _plain(cell) if len(cell) <= SHORT else _plain.__wrapped__(cell)


@lru_cache(maxsize=4096)
def _plain(cell: str) -> str:
    return unaccented(cell).rstrip(" .:")

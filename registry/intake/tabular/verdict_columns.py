"""Columns that say whether a result counts: ``Result valid?``, ``Pass/Fail``, ``review_state``, ``Abweichung``.

    sense_of("Result valid?")             good       yes is well, no is not
    sense_of("deviation")                 bad        an entry is not well, "none" is
    sense_of("Pass/Fail")                 either     its words say it
    sense_of("Use?")                      maybe      no is not well, anything else is no answer

A cell is understood or it is not. What is not understood keeps its lot from passing, as a word of invalidity does.
"""

from __future__ import annotations

import re
from typing import Literal

from registry.intake.checks.invalid_words import invalid_in, unaccented

Sense = Literal["good", "bad", "either", "maybe"]

_GOOD = re.compile(
    r"(?<!\w)(?:valid(?:ity|ated|e|ite|o|a|ez)?|ok|i o|conform\w*|compli\w+|accept(?:ed|able|ance ok)?|approved"
    r"|verified"
    r"|passed|gultig\w*|gueltig\w*|konform\w*|bestanden|freigegeben|freigabe|usable|reportable|confirmed"
    r"|akzeptiert\w*|brauchbar|verwendbar|verwertbar|in spec\w*|within \w+|meets \w+|utilizable|aceptad[oa]"
    r"|confirme|confirmad[oa]"
    r"|cumple|aprobad[oa]|accepte\w*|released)(?!\w)"
    r"|有效|合格|符合|通过|通過"
)
_BAD = re.compile(
    r"(?<!\w)(?:invalid\w*|flags?|flagged|oos|oot|out of \w+|deviations?|retract\w*|void\w*|fail\w*|errors?|reject\w*"
    r"|cancel\w*|re ?test\w*|re ?peat\w*|re ?run\w*|re ?analy\w*|exclu\w+|outliers?|discrepanc\w+|incidents?"
    r"|capa|alerts?"
    r"|warnings?|nonconform\w*|non conform\w*|abweichung\w*|fehler\w*|verworfen|storniert|ungultig\w*|ungueltig\w*"
    r"|wiederhol\w*|ecarts?|erreurs?|annule\w*|rejete\w*|repetition|desviacion\w*|anulad[oa]|rechaz\w*|repetid[oa]"
    r"|invalide|suspect|questionable|discard\w*|problems?|recall\w*|withdrawn|withheld|on hold|annull\w*"
    r"|ausgeschlossen\w*"
    r"|gesperrt\w*|excluid[oa]|ecarte\w*|descartad[oa])(?!\w)|剔除|排除|偏差|作废|无效|無效|复测|重测|重测|异常|異常|标记|不合格|超标"
)
_EITHER = re.compile(
    r"(?<!\w)(?:status|state|verdict|disposition|decision|evaluation|assessment|judge?ment|conclusion|qualifier"
    r"|pass ?/ ?fail"
    r"|pass|fail ?/ ?pass|outcome|review\w*|bewertung|beurteilung|zustand|urteil|entscheidung|etat|statut|jugement"
    r"|appreciation|estado|evaluacion|conclusion|dictamen|veredicto|resultado valido)(?!\w)|状态|狀態|判定|结论"
    r"|結論|评价|审核"
)
_MAYBE = re.compile(
    r"(?:(?:to )?(?:use|used|using)|includ(?:e|ed)|counts?|counted|good|qc|qa|quality(?: control)?|check(?:ed)?"
    r"|correct|true"
    r"|verwenden|gewertet|richtig|gut|retenu|inclus|bon|usar|incluid[oa]|buen[oa]|可用|采用|使用)[ ?!.]*"
)
"""Headings that may be a question of whether a result counts, and may be anything else."""
_WHO_OR_WHEN = re.compile(
    r"(?:(?<!\w)(?:by|date|time|on|at|von|am|durch|par|por|el|le)$|^(?:date|datum|fecha|initials)(?!\w)|日期|时间|人$|者$)"
)
_WELL = re.compile(
    r"(?:ok(?:ay)?|pass(?:ed|es)?|p|valid(?:ated)?|compl(?:ies|iant|y)|conform(?:s|ing|ant|e|es|ity)?|accept(?:ed"
    r"|able)?"
    r"|verified|approved|published|final|finali[sz]ed|released|reviewed|within (?:spec\w*|limits?|range)|in spec\w*"
    r"|meets(?: \w+){0,2}|met|normal|active|i ?o|in ordnung|bestanden|gultig|gueltig|konform|entspricht|erfullt"
    r"|erfuellt"
    r"|freigegeben|gepruft|geprueft|akzeptiert|valide|reussi|accepte|approuve|verifie|satisfaisant|valid[oa]"
    r"|aprobad[oa]"
    r"|cumple|aceptad[oa]|verificad[oa]|apt[oa]|合格|通过|通過|有效|符合|符合规定|符合规定|正常|已审核|✓|✔|√)[ .!]*"
)
_YES = re.compile(r"(?:yes|y|true|1|x|ja|j|oui|o|si|s|是|✓|✔|√|wahr|vrai|verdadero)[ .!]*")
_NO = re.compile(
    r"(?:no|n|none|false|0|/|n ?/? ?a|nil|not applicable|nein|keine?|falsch|non|aucune?|faux|ningun[oa]?|falso"
    r"|否|无|無|没有)[ .!]*"
)
_NOTHING = frozenset({"none", "/", "n a", "n/a", "nil", "not applicable"})


def sense_of(header: str) -> Sense | None:
    """What a header says its column tells of each result; None when it says nothing of that (``Released by``)."""
    plain = unaccented(header)
    if _WHO_OR_WHEN.search(plain):
        return None
    bad = _BAD.search(plain) is not None
    rest = _BAD.sub(" ", plain)
    good = _GOOD.search(rest) is not None
    if _EITHER.search(plain) or (good and bad):
        return "either"
    if not bad and not good and _MAYBE.fullmatch(plain):
        return "maybe"
    return "bad" if bad else "good" if good else None


def is_well(cell: str, sense: Sense) -> bool:
    """True when a cell under such a header is understood, and says that the result counts."""
    plain = unaccented(cell)
    if not plain:
        return True
    if sense == "bad":
        return _NO.fullmatch(plain) is not None or _WELL.fullmatch(plain) is not None
    if invalid_in(cell):
        return False
    if sense == "maybe":
        return _NO.fullmatch(plain) is None or plain in _NOTHING
    if _WELL.fullmatch(plain):
        return True
    return sense == "good" and _YES.fullmatch(plain) is not None

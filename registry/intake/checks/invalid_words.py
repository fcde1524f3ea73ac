"""Words that say of a result that it does not count, in the languages that laboratories write.

    invalid_in("tube clogged - void")     "void"
    invalid_in("no deviations")           ""

They stand in a column of their own, in a remark, in a comment at a cell, over the table. None of them is understood
further: whatever holds one keeps its lot from passing until a person has said what is meant.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_ENGLISH = (
    r"void(?:ed)?|invalid(?:ated|ates|ation|ity)?|retract(?:ed|ion)|oos|oot|out of (?:spec\w*|trend|range|limits?)"
    r"|fail(?:s|ed|ure|ures|ing)?|reject(?:ed|s|ion)?|cancel(?:l?ed|l?ation)?|entered in error|errors?|erroneous"
    r"|withdrawn|not (?:valid|usable|acceptable|accepted|approved|compliant|conform\w*|reliable|met|ok)"
    r"|do(?:es)? not (?:use|report|compl\w+|conform|meet|pass)|not for (?:use|release)|did not pass|no pass"
    r"|quarantined?|non ?conform\w*|non ?complian\w*|unacceptable|unreliable|unusable|discard(?:ed)?|exclude[ds]?"
    r"|aborted|superseded|obsolete|mis ?label\w*|mis ?identified|wrong \w+|swapped|mix(?:ed)? up|suspect|questionable"
    r"|preliminary|unverified|draft|deviations?|crossed out|struck out|disregard|ignore|nullified|annulled|revoked"
    r"|nok|struck|recall(?:ed)?|on hold|inconclusive|equivocal|indeterminate|contaminat(?:ed|ion)|expired|scrap(?:ped)?"
    r"|replaced|un(?:interpretable|confirmed|satisfactory|suitable|evaluable|trusted)|inadequate|insufficient|bad"
    r"|clog(?:ged|ging)?|artifacts?|artefacts?|outliers?|incorrect|mistaken?|low (?:events?|cell counts?|counts?)"
    r"|too few \w+|poor (?:staining|quality|separation|resolution)|(?:to be|must be|needs? to be) re\w+"
    r"|(?:needs?|requires?) (?:a |to )?(?:repeat\w*|re ?test\w*|repetition)|(?:repeat|re ?test)\w* (?:needed"
    r"|required|due)"
    r"|(?:not|never) (?:representative|reportable|interpretable|conclusive|evaluable|suitable|adequate|sufficient"
    r"|satisfactory|confirmed|verified|reviewed|validated|calibrated|stained|to be \w+|trust\w*|correct|comparable"
    r"|released?|final)|do not \w+|should not \w+|must not \w+|cannot be (?:used|reported|trusted|evaluated"
    r"|interpreted)"
)
_GERMAN = (
    r"ungultig\w*|ungueltig\w*|verworfen\w*|storniert\w*|annulliert\w*|widerrufen\w*|zuruckgezogen\w*|zurueckgezogen\w*"
    r"|abgelehnt\w*|gesperrt\w*|nicht (?:bestanden|konform|gultig|gueltig|verwenden|erfullt|erfuellt|verwertbar|i ?o)"
    r"|n ?i ?o|fehler(?:haft\w*)?|fehlgeschlagen\w*|durchgefallen|abweichung(?:en)?|nichtig|unbrauchbar\w*|vorlaufig\w*"
    r"|ausserhalb der \w+|entwurf|verwechs\w+|vertauscht\w*|kontaminiert\w*|verunreinigt\w*|ruckgezogen\w*"
    r"|rueckgezogen\w*"
    r"|(?:zu|muss) wiederhol\w*|wiederhol\w+ (?:erforderlich|notig|noetig|notwendig)|n bestanden|falsche[rns]?"
    r"|abgelaufen\w*"
    r"|ausgeschlossen\w*|ausreisser|unplausibel|unzureichend\w*|unzulassig\w*|mangelhaft\w*|beanstandet\w*"
    r"|nicht (?:ok|in ordnung|auswertbar|reprasentativ|brauchbar|plausibel|bestatigt|freigegeben|geeignet|gewertet)"
)
_FRENCH = (
    r"invalid[ei]\w*|annule\w*|rejet(?:e|ee|es|ees)?|refuse\w*|non (?:conforme|valide|valable)s?|echec|echoue\w*"
    r"|hors (?:spec\w*|limites?)|retire(?:e|s|es)?|ne pas utiliser|ecarts?|nul(?:le)?s?|erreur|perime\w*|brouillon"
    r"|a (?:refaire|repeter|reprendre|verifier)|ecarte(?:e|es|s)?|in(?:acceptable|exploitable|interpretable"
    r"|suffisant)\w*"
    r"|non (?:exploitable|interpretable|concluant|acceptable|representati|fiable|evaluable|confirme)\w*|contamine\w*"
    r"|exclu(?:e|s|es)?|douteu(?:x|se)|errone\w*"
)
_SPANISH = (
    r"invalid[oa]s?|no (?:valid[oa]s?|conformes?|cumple|apt[oa]s?|usar|utilizar|aprobad[oa])|anulad[oa]s?|rechaz\w+"
    r"|fallid[oa]s?|fallo|falla|fuera de \w+|cancelad[oa]s?|retirad[oa]s?|desviacion(?:es)?|descartad[oa]s?|borrador"
    r"|no (?:concluyente|evaluable|reportable|interpretable|representativ|aceptable|fiable|utilizable|confirmad)\w*"
    r"|inaceptable\w*|contaminad[oa]s?|(?:a|hay que|debe) repetir\w*|excluid[oa]s?|dudos[oa]s?|errone[oa]s?"
    r"|caducad[oa]s?"
)
_OTHERS = r"non valid[oa]|nao conforme|reprovad[oa]|annullat[oa]|scartat[oa]|respint[oa]"
_WORDS = re.compile(rf"(?<!\w)(?:{'|'.join((_ENGLISH, _GERMAN, _FRENCH, _SPANISH, _OTHERS))})(?!\w)")
_CHINESE = re.compile(
    "无效|無效|作废|作廢|不合格|不符合|未通过|未通過|不通过|失败|失敗|撤回|撤销|撤銷|拒绝|拒絕|驳回|超标|超標|废弃|廢棄|报废|取消|偏差|异常|異常|错误|错誤|草稿"
    "|剔除|排除|不可用|不可靠|不可信|不可接受|可疑|污染|需复测|须复测|待复测|待复核|暂停|隔离|召回|超限|过期|失效|停用|禁用|混淆"
)
_SIGNS = re.compile("[✗✘❌✖⊗🚫⛔⚠🛑👎]")
_HARMLESS = re.compile(
    r"(?<!\w)(?:no|not any|not an?|not|without|none|zero|never|kein(?:e|er|en|em)?|ohne|sans|aucune?|pas d|sin"
    r"|ningun[oa]?)"
    r" (?:deviations?|fail(?:ed|ure|ures)?|errors?|oos|oot|void(?:ed)?|invalid|retracted|rejected|cancell?ed|discarded"
    r"|excluded|withdrawn|abweichung(?:en)?|fehler|ecarts?|erreurs?|desviacion(?:es)?|errores|contaminat(?:ed"
    r"|ion)|kontamination|contaminacion"
    r"|expired|outliers?|artifacts?|artefacts?|replaced|recall(?:ed)?)(?!\w)"
    r"|(?<!\w)(?:dead|doublets?|debris|aggregates?|non viable)(?: cells?)?(?: (?:and|&|\+|or) (?:dead|doublets?|debris"
    r"|aggregates?)(?: cells?)?)* (?:were |are |was )?(?:excluded|discarded)(?!\w)|排除死细胞|无污染|無污染"
    r"|standard (?:deviations?|errors?)|desviacion estandar|pass ?/ ?fail|标准偏差|無偏差|无偏差|无异常|無異常|无错误"
)


@lru_cache(maxsize=4096)
def unaccented(text: str) -> str:
    """Lower case, without accents, with one space for each hyphen, underscore, dot or run of spaces."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[\s._\-\u2010-\u2015\u2212'’`\"*:]+", " ", letters).split())


def invalid_in(text: str) -> str:
    """The first word of invalidity in a text; empty when it holds none."""
    sign = _SIGNS.search(text[:2_000])
    plain = _HARMLESS.sub(" ", unaccented(text[:2_000]))
    match = sign or _WORDS.search(plain) or _CHINESE.search(plain)
    return match.group().strip() if match else ""

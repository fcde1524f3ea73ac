"""Words that name no lot: means, limits, controls and blanks, which exports set below the samples."""

from __future__ import annotations

import re

from registry.intake.checks.invalid_words import unaccented

_ALONE = re.compile(
    r"(?:mean|average|avg|median|sd|s d|std|std ?dev|stdev|sem|cv|cv ?%|% ?cv|n|n ?=.*|min|max|minimum|maximum"
    r"|range|total"
    r"|sum|count|limits?|specs?|specifications?|spezifikation|criteri(?:a|on)|reference(?: \w+)?|ref|target|expected"
    r"|units?|einheit(?:en)?|unites?|unidad(?:es)?|nc|pc|ntc|comp|beads?|compensation|blanks?|blindwert|leerwert"
    r"|blancs?"
    r"|blancos?|results?|summe|anzahl|grenzwert(?:e)?|sollwert(?:e)?|limites?|limite|especificacion(?:es)?|media"
    r"|moyenne"
    r"|promedio|mediane|mediana|ecart type|desviacion estandar|kontrollen?|temoins?|controles?|akzeptanzkriteri\w+"
    r"|kontrollzellen|referenz\w*|referencia|standards?(?: [0-9]+)?|std [0-9]+|qc samples?|rsd|rel std dev|u[sc]l"
    r"|l[sc]l"
    r"|grand total|ergebnis(?:se)?|resultados?|resultats?|lots?|samples?|proben?|donors?|n/?a|tbd|unknown|unbekannt"
    r"|negative|positive|negativ|positiv|previous lot|reference (?:material|standard)s?(?: [0-9]+)?"
    r"|平均值?|均值|中位数|标准差|標準差|总计|合计|限度|限值|标准|空白|对照|對照|单位|参考值)[ .:]*"
)
_ANYWHERE = re.compile(
    r"(?<![^\W\d_])(?:isotyp\w*|fmo|unstained|ungefarbt\w*|non marque\w*|sin tenir|controls?|ctrl|kontrolle|temoin"
    r"|acceptance|akzeptanz\w*|mean|average|mittelwert\w*|moyenne|promedio|standard deviation|std dev|stdev"
    r"|standardabweichung|blank|secondary only|autofluorescence|compbeads?|compensation|single stain\w*"
    r"|igg[0-9]?[a-z]?|dead cells?)(?![^\W\d_])|同型对照|同型對照|阴性对照|阳性对照"
    r"|平均值|标准差"
)


def is_no_lot(text: str) -> bool:
    """True for ``Mean``, ``SD``, ``FMO``, ``H-21 isotype``, ``Acceptance limit``; not for ``SD-21`` or ``N 7``."""
    plain = unaccented(text)
    return _ALONE.fullmatch(plain) is not None or _ANYWHERE.search(plain) is not None

"""What was found, in words: an organism's name, growth in one of two bottles, a test that is still running.

    Staphylococcus epidermidis        detected
    growth in 1 of 2 bottles          detected      (Ph. Eur. 2.6.1, 2.6.27: any growth)
    pending, inconclusive             not evaluable
    no Staphylococcus                 refused: print 'not detected' or 'no growth'

A positive finding is never lost: what may be one and is not understood is refused, never kept as something else.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from registry.domain import Reading
from registry.identifiers import CPR
from registry.intake.checks.invalid_words import unaccented

if TYPE_CHECKING:
    from registry.vocabulary.values import Characteristic

DETECTED = f"{CPR}Detected"
NOT_DETECTED = f"{CPR}NotDetected"
PENDING = frozenset({
    "pending", "inconclusive", "indeterminate", "equivocal", "in progress", "ongoing", "awaited", "to follow", "tbd",
    "not yet available", "result pending", "results pending", "in test", "running", "unclear", "undetermined",
    "ausstehend", "unklar", "nicht auswertbar", "laufend", "en cours", "en attente", "non concluant", "ininterpretable",
    "pendiente", "en curso", "no concluyente", "indeterminado", "待定", "待测", "检测中", "不确定", "未完成",
    "无法判定",
})  # fmt: skip
_GENERA = (
    "staphylococcus|streptococcus|micrococcus|kocuria|cutibacterium|propionibacterium|bacillus|paenibacillus|brevibacillus"
    "|lysinibacillus|escherichia|pseudomonas|candida|aspergillus|corynebacterium|enterococcus|klebsiella|acinetobacter"
    "|mycoplasma|mycoplasmopsis|acholeplasma|ureaplasma|spiroplasma|burkholderia|ralstonia|stenotrophomonas|serratia"
    "|enterobacter|clostridium|clostridioides|listeria|salmonella|brevundimonas|sphingomonas|methylobacterium"
    "|penicillium|cladosporium|malassezia|rhodotorula|proteus|citrobacter|neisseria|haemophilus|moraxella|bacteroides"
    "|lactobacillus|actinomyces|mycobacterium|legionella|achromobacter|alcaligenes|chryseobacterium|roseomonas"
    "|delftia|cupriavidus|gemella|rothia|finegoldia|peptostreptococcus|saccharomyces|cryptococcus|fusarium|mucor"
    "|rhizopus|alternaria|trichophyton|aerococcus|dermacoccus|shigella|yersinia|campylobacter|helicobacter|vibrio"
)
_ORGANISM = re.compile(
    rf"(?<!\w)(?:(?:{_GENERA})|[a-z]{{4,}}(?:bacter|bacterium|bacteria|coccus|cocci|monas|plasma|bacillus|bacilli|myces)"
    r"|[a-z] (?:coli|epidermidis|aureus|acnes|albicans|subtilis|cereus|aeruginosa|orale|hyorhinis|arginini|fermentans"
    r"|laidlawii|pneumoniae|faecalis|capitis|hominis|luteus|brasiliensis|niger)"
    r"|staph|strep|coliforms?|yeasts?|moulds?|molds?|fung(?:i|us|al)|cocci|bacilli|diphtheroids|gram (?:positive"
    r"|negative) \w+"
    r"|hefen?|schimmel\w*|levures?|levaduras?|moisissures?)(?!\w)|葡萄球菌|杆菌|链球菌|霉菌|酵母|支原体阳性"
)
_GROWTH = re.compile(
    r"(?<!\w)(?:growth|turbid\w*|contaminat\w*|colon(?:y|ies)|wachstum|bewachsen|kontamin\w*|croissance|contamine\w*"
    r"|crecimiento|contaminad\w*|detected|nachgewiesen|detecte\w*|detectad[oa])(?!\w)|检出|生长|阳性|污染"
)
_SHARE = re.compile(r"(?<![\d.,])(?P<some>\d{1,4}) ?(?:/|of|out of|von|sur|de) ?(?P<all>\d{1,4})(?![\d.,])")
_COLONIES = re.compile(r"(?<![\d.,<≤])(?P<some>\d{1,9}) ?(?:cfu|kbe|ufc|colon(?:y|ies))(?!\w)")
_NEGATED = re.compile(
    r"(?<!\w)(?:no|not|non|none|never|without|negative|neg|absen\w*|free|kein(?:e|en|er)?|ohne|nicht|negativ\w*|pas|aucune?|sans"
    r"|sin|ningun\w*|ausencia|nil|sterile?|steril)(?!\w)|未|无|無|阴性|陰性"
)


def read_finding(text: str, characteristic: Characteristic) -> Reading | None:
    """Pending as a state, and of a search for what must be absent, what was found; None for anything else."""
    plain = unaccented(text)
    if plain in PENDING:
        return Reading(state="not evaluable")
    outcomes = {outcome.iri for outcome in characteristic.outcomes}
    if {DETECTED, NOT_DETECTED} <= outcomes and _is_positive(plain):
        return Reading(outcome=DETECTED)
    return None


def finds_something(text: str) -> bool:
    """True for a result that must not be passed over, whatever it is called: growth, an organism, positive, fail."""
    plain = unaccented(text)
    return (
        _is_positive(plain)
        or re.fullmatch(r"(?:pos(?:itive?|itiv|itivo|itif)?|present|reactive|\+|fail\w*)", plain) is not None
    )


def _is_positive(plain: str) -> bool:
    colonies = _COLONIES.search(plain)
    if colonies and int(colonies.group("some")) > 0:
        return _NEGATED.search(plain) is None
    grown, named = _GROWTH.search(plain), _ORGANISM.search(plain)
    positive = re.search(r"(?<!\w)(?<!gram )(?:positive?|pos|positiv|positif|positivo)(?!\w)", plain)
    share = _SHARE.search(plain)
    if _NEGATED.search(_GRAM.sub(" ", plain)):
        return False
    if share and (grown or named or positive):
        return int(share.group("some")) > 0
    return bool(grown or named)


_GRAM = re.compile(r"gram (?:positive|negative)")

"""A certificate of analysis as a value: every word that will stand on the paper, and nothing that a renderer adds.

HTML and PDF are made of this one value, so they cannot say different things. Times are text with their zone, digests
are whole, results are as they were printed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

CERTIFICATE = "Certificate of analysis"
REPORT = "Report of analysis"
NO_CERTIFICATE = "This is no certificate: nobody has released this lot."
PREVIEW = "Preview, not recorded. Not for use."
SYNTHETIC = "Synthetic: made up to show how the registry works. No such lot exists."


@dataclass(frozen=True, slots=True)
class Fact:
    """One labelled fact: ``Passage``, ``5``. ``code`` is True of a digest or an address, set in a fixed width."""

    label: str
    value: str
    code: bool = False


@dataclass(frozen=True, slots=True)
class Observation:
    """One result as printed, the method that its file names, and where it stands: ``panel.csv, row 3``."""

    printed: str
    method: str
    source: str


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion: what is measured, the limit, every result, the verdict.

    ``limit_source`` counts from 1 within the certificate's ``sources``, 0 for none; ``method`` is the one it asks for.
    """

    characteristic: str
    standing: str
    limit: str
    limit_source: int
    method: str
    observed: tuple[Observation, ...]
    verdict: str
    note: str


@dataclass(frozen=True, slots=True)
class Signature:
    """A signed decision as 21 CFR 11.50 asks: printed name, date and time with zone, and meaning.

    ``complete_by`` is of a conditional release: by when what is due must be there. ``second_factor`` is what was given
    beside the password, if anything was.
    """

    kind: str
    printed_name: str
    account: str
    at: str
    meaning: str
    reason: str
    record: str
    valid: bool
    complete_by: str = ""
    second_factor: str = ""


@dataclass(frozen=True, slots=True)
class Print:
    """An earlier print of this lot: ``certificate, pdf, a4``, by whom, when, of which ledger size, of which bytes."""

    position: int
    what: str
    actor: str
    at: str
    ledger_size: int
    digest: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """What is on the paper. ``warnings`` stand on every page, in this order; a lot in order has none.

    ``as_of`` and ``ledger_size`` say of what it is: the same lot, the same two, give the same bytes. ``since`` says in
    words what was entered after the newest of ``prints``. ``still_open`` says beside the verdict what it does not rest
    on: what is due after release and not there, what was accepted without being shown. ``past`` is of a print of an
    earlier time whose answer is no longer so: that time and what is so now; it stands on every page, and nothing of
    the answer is green. ``credential`` is the lot's credential as its file, attached to the PDF, and
    ``credential_address`` where it is to be had; empty of what has none.
    """

    lot: str
    kind: str
    released: bool
    state: str
    answer: str
    warnings: tuple[str, ...]
    reasons: tuple[str, ...]
    product: tuple[Fact, ...]
    description: tuple[Fact, ...]
    specification: tuple[Fact, ...]
    departures: tuple[str, ...]
    verdict: str
    still_open: tuple[str, ...]
    criteria: tuple[Line, ...]
    sources: tuple[str, ...]
    signatures: tuple[Signature, ...]
    digests: tuple[Fact, ...]
    prints: tuple[Print, ...]
    since: tuple[str, ...]
    address: str
    base: str
    ledger_size: int
    as_of: datetime
    past: str = ""
    credential: str = ""
    credential_address: str = ""

    @property
    def title(self) -> str:
        """Certificate of analysis of a lot that was released; of any other a report, which says so."""
        return CERTIFICATE if self.released else REPORT

    @property
    def drawn_up(self) -> str:
        """Of what exactly this is: ``ledger of 48 entries, 2026-11-21T14:05:12.000001+00:00``."""
        return f"ledger of {self.ledger_size} entries, {self.as_of.isoformat()}"


def warnings(
    *,
    released: bool,
    may_be_injected: bool,
    state: str,
    complete_by: str,
    synthetic: bool,
    preview: bool,
    past: str = "",
) -> tuple[str, ...]:
    """What must stand on every page, most important first.

    A lot that was never released has no certificate; one that must not be injected now says why in one word, whatever
    was signed before. ``complete_by`` is of a lot under a conditional release while not everything is known: paper
    outlives that time.
    """
    texts = []
    if preview:
        texts.append(PREVIEW)
    if past:
        texts.append(past)
    if not may_be_injected and state != "not released":
        texts.append(f"{state.capitalize()}: this lot must not be injected.")
    if not released:
        texts.append(NO_CERTIFICATE)
    elif state == "not released":
        texts.append("Its release no longer stands: this lot must not be injected.")
    if complete_by:
        texts.append(f"Released on condition: not everything is known yet; what is due must be there by {complete_by}.")
    if synthetic:
        texts.append(SYNTHETIC)
    return tuple(texts)

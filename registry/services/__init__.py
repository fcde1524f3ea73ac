"""The registry: the only place that composes the rooms. Command line, HTTP and pages use these names alone.

    registry = Registry.open(Path("data"))
    registry.lot("H-03").answer.may_be_injected

``parts``       what it is composed of, and the judged view of a lot
``submission``  a file in, a receipt out; ``previewing``: what it would say and change
``entering``    how anything is entered, with its form, index, signature and receipt
``describing``  products and lots (``describing_verbs``)
``approving``   specifications for products
``shelf``       specifications checked, compared, waiting for a second person
``deciding``    release, hold, rejection, recall, acceptance; ``release_check``: what stands against them;
                ``withdrawing``: panels taken back
``looking``     the lot's answer; ``advising``: what stands at its top
``overview``    many lots: lists, counts, charts; ``kept_lines``: what they are read from
``inspecting``  the ledger as a trail, copies for inspection, what runs here
``lists``       a lot's history
``printing``    certificates and labels, every print entered (``registry.paper``)
``people``      who may do what to whose account
``asking``      questions to the graph, what the registry offers, exports
``knowledge``   the graph that follows the ledger, and the queries asked of it
``answers``     what all of them answer; ``evidence_answers``: of a lot's evidence
"""

from __future__ import annotations

from registry.accounts import Account, Session, Token, asked_from
from registry.domain import Lot as LotDraft
from registry.domain import Product as ProductDraft
from registry.graph import QueryAnswer
from registry.questions import Question
from registry.services.answers import Answer, HistoryLine, LotAnswer, LotLine, ProductAnswer
from registry.services.append import Receipt
from registry.services.lots.inherited import InheritedDecision
from registry.services.printing.print import Printed
from registry.services.queries.ask import WAITING_QUERIES
from registry.services.registry import DEFAULT_BASE, Registry
from registry.services.specifications.draft import Draft
from registry.services.submissions.preview import Preview, StateChange
from registry.services.submissions.receipt import RecordedPanel, SubmissionReceipt

__all__ = [
    "DEFAULT_BASE", "WAITING_QUERIES",
    "Account",
    "Answer",
    "Draft",
    "HistoryLine", "InheritedDecision",
    "LotAnswer", "LotDraft", "LotLine",
    "Preview", "Printed",
    "ProductAnswer", "ProductDraft",
    "QueryAnswer",
    "Question",
    "Receipt",
    "RecordedPanel", "Registry",
    "Session", "StateChange", "SubmissionReceipt",
    "Token",
    "asked_from",
]  # fmt: skip

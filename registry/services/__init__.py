"""The registry: the only place that composes the rooms. Command line, HTTP and pages use these names alone.

    registry = Registry.open(Path("data"))
    registry.lots.get("H-03").answer.may_be_injected
    registry.accounts.create("mary", "clinician", "Mary Major", by=administrator)

Each subject is a folder and an attribute of ``Registry``, and its class names what it needs. Whatever enters something
takes an ``Actor``, or name and password where it is signed, and asks ``registry.accounts.permissions`` first.

``registry``         one registry in one folder: open, create, close, and its services
``lot_state``        the only place that composes a lot's state
``verdict_cache``    verdicts that were judged before
``append``           how anything is entered, with its form, index, signature and receipt
``cores``            many lots judged on every core
``core_process``     one of the processes that do so
``answers``          what all of them answer
``api_schema``       the shape of those answers, for the description of the API
``accounts``         sign-in, accounts, sessions, tokens; who may do what
``products``         what is made
``studies``          what products are tried for
``claims``           what cells are said to do, on what, and what is cited
``lots``             lots, one at a time
``administrations``  containers, what was given, what was found late, where everything went
``lot_index``        many lots: lists, counts, charts
``homes``            what each role's first page is about
``submissions``      files in, panels on record, taken back
``releases``         the quality unit's word on a lot
``specifications``   drafted, approved, compared, filled in
``outcomes``         what was seen after a lot was given
``mappings``         what the names in instruments' files stand for
``ontologies``       which releases are current, terms answered, obsolete ones replaced
``queries``          questions to the graph, exports
``proofs``           what is shown to whoever does not trust the registry
``agents``           what a language model may ask
``printing``         certificates and labels, every print entered
``webhooks``         other systems told when a lot's state changes
``upkeep``           audits, backups, the trail for inspectors
"""

from __future__ import annotations

from registry.accounts import Account, Enrolment, Session, Token, asked_from, code_given_by
from registry.domain import CitedPublication, ClaimEvidence
from registry.domain import Lot as LotDraft
from registry.domain import Product as ProductDraft
from registry.domain import Study as StudyDraft
from registry.graph import QueryAnswer
from registry.questions import Question
from registry.services.answers import Answer, HistoryLine, LotAnswer, LotLine, ProductAnswer
from registry.services.append import Receipt
from registry.services.lots.atom import Addresses, atom
from registry.services.lots.evidence_view import Origin
from registry.services.lots.inherited import InheritedDecision
from registry.services.printing.print import Printed
from registry.services.queries.saved import QuestionDraft, SavedQuestion
from registry.services.queries.words import Word
from registry.services.registry import DEFAULT_BASE, Registry
from registry.services.specifications.draft import Draft
from registry.services.submissions.preview import Preview, StateChange
from registry.services.submissions.receipt import RecordedPanel, SubmissionReceipt
from registry.turns import Line, asked_as

__all__ = [
    "DEFAULT_BASE",
    "Account",
    "Addresses",
    "Answer",
    "CitedPublication",
    "ClaimEvidence",
    "Draft",
    "Enrolment",
    "HistoryLine",
    "InheritedDecision",
    "Line",
    "LotAnswer",
    "LotDraft",
    "LotLine",
    "Origin",
    "Preview",
    "Printed",
    "ProductAnswer",
    "ProductDraft",
    "QueryAnswer",
    "Question",
    "QuestionDraft",
    "Receipt",
    "RecordedPanel",
    "Registry",
    "SavedQuestion",
    "Session",
    "StateChange",
    "StudyDraft",
    "SubmissionReceipt",
    "Token",
    "Word",
    "asked_as",
    "asked_from",
    "atom",
    "code_given_by",
]  # fmt: skip

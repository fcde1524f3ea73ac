"""The registry's words as plain values: frozen, comparable, free of IO.

Everything here is one noun of the vocabulary in ``docs/index.md``. Behaviour lives in the packages that
use these values; the only behaviour here is what keeps a value from contradicting itself.

``words``           the controlled words: each a closed choice
``interval``        what a numeric result says: every value it could be
``product``         what is made
``lot``             one manufactured batch, or what it comes from
``panel``           what laboratories hand in
``name_mapping``    what the names in an instrument's file stand for
``specification``   what lots are held against
``verdict``         evidence, and the verdicts of criteria and lots
``decision``        the signed words of the quality unit
``recorded``        who recorded something, when, and where in the ledger
``lot_record``      what the ledger says of a lot: the input of every decision
``administration``  what became of a lot's containers, and who was given what
``outcome``         what was seen of a recipient at a visit
``study``           a study, its arms, and the dose of each
``claim``           what cells are said to do, on what that stands, and what is cited
"""

from __future__ import annotations

from registry.domain.administration import CONTAINER_STATES, Administration, ContainerMove, ContainerState, SiteDose
from registry.domain.claim import Basis, CitedPublication, Claim, ClaimEvidence, ClaimWithdrawal
from registry.domain.decision import (
    FINAL,
    RELEASES,
    Acceptance,
    Approval,
    Decision,
    DecisionKind,
    TrailReview,
    approvals_in_force,
    first_of_two,
    in_force,
    still_awaiting,
)
from registry.domain.interval import Interval
from registry.domain.lot import CellLine, Lot, LotKind
from registry.domain.lot_record import Ancestor, LotFacts, PanelOnRecord, Withdrawal, with_withdrawals
from registry.domain.panel import (
    Intake,
    Notice,
    NotRead,
    OpenName,
    Panel,
    Reading,
    Result,
    RowError,
    Source,
    by_cause,
    with_unit,
)
from registry.domain.product import DonorRelation, Product
from registry.domain.recorded import Recorded
from registry.domain.specification import Criterion, Departure, Specification
from registry.domain.study import Arm, Captured, EnrolmentType, OutcomeKind, PlannedOutcome, Publication, Study
from registry.domain.verdict import CriterionVerdict, Evidence, GroupVerdict, LotVerdict
from registry.domain.words import CriterionOutcome, Due, LotOutcome, Operator, Relation, Rounding, Standing, State

__all__ = [
    "CONTAINER_STATES",
    "FINAL",
    "RELEASES",
    "Acceptance",
    "Administration",
    "Ancestor",
    "Approval",
    "Arm",
    "Basis",
    "Captured",
    "CellLine",
    "CitedPublication",
    "Claim",
    "ClaimEvidence",
    "ClaimWithdrawal",
    "ContainerMove",
    "ContainerState",
    "Criterion",
    "CriterionOutcome",
    "CriterionVerdict",
    "Decision",
    "DecisionKind",
    "Departure",
    "DonorRelation",
    "Due",
    "EnrolmentType",
    "Evidence",
    "GroupVerdict",
    "Intake",
    "Interval",
    "Lot",
    "LotFacts",
    "LotKind",
    "LotOutcome",
    "LotVerdict",
    "NotRead",
    "Notice",
    "OpenName",
    "Operator",
    "OutcomeKind",
    "Panel",
    "PanelOnRecord",
    "PlannedOutcome",
    "Product",
    "Publication",
    "Reading",
    "Recorded",
    "Relation",
    "Result",
    "Rounding",
    "RowError",
    "SiteDose",
    "Source",
    "Specification",
    "Standing",
    "State",
    "Study",
    "TrailReview",
    "Withdrawal",
    "approvals_in_force",
    "by_cause",
    "first_of_two",
    "in_force",
    "still_awaiting",
    "with_unit",
    "with_withdrawals",
]

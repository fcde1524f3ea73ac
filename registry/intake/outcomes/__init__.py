"""Tables of outcomes: what a clinic saw of each recipient, read by the reader of panels, row by row.

recipient,date,characteristic,value,unit,assay
R-0042,2026-12-15,FSH,38,IU/L,Elecsys FSH
R-0042,2026-12-15,menses returned,yes,,

The recipient's code is looked up to the key of what was given before anything else is done with a row: a result, an
error and the kept copy of the table name the key, and nothing here keeps the code.

``columns``  which columns a table of outcomes has
``read``     bytes to outcomes, row errors, and the copy that is kept
``sheet``    bytes to rows of text, of CSV and of workbooks
``rows``     what a row must say beside its result: whose, when, where, and of an adverse event how grave it was
"""

from __future__ import annotations

from registry.intake.outcomes.read import OutcomeTable, read
from registry.intake.outcomes.rows import Given

__all__ = ["Given", "OutcomeTable", "read"]

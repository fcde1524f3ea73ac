"""The study told at length: forty made-up lots of two years, 28 made-up recipients, and what was seen of them.

Every number is drawn from one seed, so that each telling is the same but for its days. No relation between a lot's
quality and an outcome was put into them: what looks like one is chance.

``tell``        what happens, through the services that everybody uses
``lots``        the lots and their panels: a drift, an outlier, one out of trend, a change of bank
``recipients``  who was given what, and what was seen at each visit
``draw``        numbers that look measured
"""

from __future__ import annotations

from registry.demo.trial.tell import tell

__all__ = ["tell"]

"""What bears on each criterion of one lot: results become evidence, and what cannot be told is undetermined.

``determined_evidence``  the evidence of every criterion; what makes one undetermined before any limit is asked
``retests``     which retest or correction replaces which result, and what conflicts
``cocktails``   what one figure for several markers says of each
``provenance``  by which method, for how long, how long ago
``counting``    of what a percentage is, and of how many
``dose``        EU/mL held against EU/kg
``nodes``       one result, or the lack of one, as evidence
"""

from __future__ import annotations

from registry.judgement.evidence.determined_evidence import bears, derive

__all__ = ["bears", "derive"]

"""What the quality unit signs, as verbs of the registry: name and password are given again each time (21 CFR 11.200).

``Registry`` inherits these verbs; they need nothing of it but its parts.
"""

from __future__ import annotations

from collections.abc import Mapping

from registry.services.append import Receipt
from registry.services.context import Parts
from registry.services.specifications import approve as approving


class SigningVerbs:
    """Decisions, approvals, withdrawals, acceptances."""

    parts: Parts

    def approve(
        self,
        product: str,
        identifier: str,
        version: str | None = None,
        *,
        name: str,
        password: str,
        meaning: str = "",
        justifications: Mapping[str, str] | None = None,
        seen: int | None = None,
    ) -> Receipt:
        """Approve a specification for a product; see ``approving.approve``."""
        return approving.approve(
            self.parts, product, identifier, version, name=name, password=password, meaning=meaning,
            justifications=justifications or {}, seen=seen,
        )  # fmt: skip

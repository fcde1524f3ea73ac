"""What an authenticator is asked through a browser, and what it answered: held against the question, by py_webauthn.

Example: ``count_of(text, challenge, party, public_key)`` is the authenticator's counter, or raises NotSignedIn.

The user must have been verified (a finger, a face, a PIN), never only present; the address must be the registry's own.
py_webauthn is loaded when it is needed: it takes a third of a second.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from registry.accounts.passkeys.challenges import LASTS
from registry.accounts.passkeys.relying_party import RelyingParty
from registry.errors import NotSignedIn

LONGEST = 20_000
"""Characters of an answer; an enrolment's is under 2,000."""
Checked = TypeVar("Checked")


@dataclass(frozen=True, slots=True)
class NewKey:
    """What an authenticator made: ``id`` and ``public_key`` (COSE) in base64url, and its counter."""

    id: str
    public_key: str
    count: int


def enrolment_question(
    challenge: bytes, party: RelyingParty, handle: bytes, name: str, printed: str, held: Sequence[str]
) -> str:
    """What ``navigator.credentials.create`` is given, as JSON; ``held`` are the ids of passkeys enrolled already."""
    import webauthn
    from webauthn.helpers import structs
    from webauthn.helpers.cose import COSEAlgorithmIdentifier as Algorithm

    options = webauthn.generate_registration_options(
        rp_id=party.id, rp_name=f"Cell registry {party.id}", user_id=handle, user_name=name, user_display_name=printed,
        challenge=challenge, timeout=int(LASTS.total_seconds() * 1000),
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=decoded(key)) for key in held],
        supported_pub_key_algs=[
            Algorithm.ECDSA_SHA_256, Algorithm.EDDSA, Algorithm.RSASSA_PKCS1_v1_5_SHA_256,
        ],
    )  # fmt: skip
    return webauthn.options_to_json(options)


def question(challenge: bytes, party: RelyingParty, held: Sequence[str]) -> str:
    """What ``navigator.credentials.get`` is given, as JSON; without ``held`` any passkey of this address answers."""
    import webauthn
    from webauthn.helpers import structs

    options = webauthn.generate_authentication_options(
        rp_id=party.id, challenge=challenge, timeout=int(LASTS.total_seconds() * 1000),
        allow_credentials=[structs.PublicKeyCredentialDescriptor(id=decoded(key)) for key in held],
        user_verification=structs.UserVerificationRequirement.REQUIRED,
    )  # fmt: skip
    return webauthn.options_to_json(options)


def new_key(answer: str, challenge: bytes, party: RelyingParty) -> NewKey:
    """The key of an enrolment's answer; raises NotSignedIn with what does not hold."""
    import webauthn

    verified = _checked(
        lambda: webauthn.verify_registration_response(
            credential=_read(answer), expected_challenge=challenge, expected_rp_id=party.id,
            expected_origin=party.origin, require_user_verification=True,
        ),
        party,
    )  # fmt: skip
    return NewKey(encoded(verified.credential_id), encoded(verified.credential_public_key), verified.sign_count)


def count_of(answer: str, challenge: bytes, party: RelyingParty, public_key: str) -> int:
    """The authenticator's counter in an answer that this public key has signed; raises NotSignedIn.

    Whether it went up is for the caller to say, in the same step in which it is kept.
    """
    import webauthn

    return _checked(
        lambda: webauthn.verify_authentication_response(
            credential=_read(answer), expected_challenge=challenge, expected_rp_id=party.id,
            expected_origin=party.origin, credential_public_key=decoded(public_key), credential_current_sign_count=0,
            require_user_verification=True,
        ),
        party,
    ).new_sign_count  # fmt: skip


def key_named(answer: str) -> tuple[str, bytes]:
    """(id of the passkey, handle of its user or nothing) as an answer claims them; raises NotSignedIn."""
    fields = _read(answer)
    try:
        response = fields.get("response")
        handle = response.get("userHandle") if isinstance(response, dict) else None
        return encoded(decoded(str(fields.get("id", "")))), decoded(str(handle)) if handle else b""
    except (ValueError, binascii.Error):
        raise _refusal("no id of a passkey") from None


def encoded(value: bytes) -> str:
    """Base64url without padding, as WebAuthn writes it."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """The bytes of it; raises ValueError."""
    return base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _read(answer: str) -> dict[str, Any]:
    try:
        fields = json.loads(answer) if len(answer) <= LONGEST else None
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        raise _refusal("something else")
    return fields


def _checked(check: Callable[[], Checked], party: RelyingParty) -> Checked:
    try:
        return check()
    except NotSignedIn:
        raise
    except Exception as error:  # whatever hostile bytes make of a parser, they sign nothing
        raise _refusal(str(error)[:300] or type(error).__name__, party.origin) from None


def _refusal(problem: str, origin: str = "") -> NotSignedIn:
    return NotSignedIn(
        "The passkey's answer does not hold.", found=problem, where="passkey", code="passkey",
        expected=f"an answer to what was asked, given at {origin or 'this address'}, its user verified",
        todo="Try again, in a browser that is at that address.",
    )  # fmt: skip

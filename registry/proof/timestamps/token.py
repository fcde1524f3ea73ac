"""A time-stamp (RFC 3161): that a service saw exactly these bytes, and when. By ``rfc3161-client``, which asks nobody.

    request, nonce = asked(data)                              sent as application/timestamp-query
    checked(reply, data, service.roots, nonce=nonce)          the time, and whose word it is

The same bytes are read by OpenSSL: ``openssl ts -verify -data FILE -in FILE.tsr -CAfile tsa.pem``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cryptography import x509

from registry.errors import Refused, UnsupportedKind

if TYPE_CHECKING:
    from types import ModuleType

QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"
MAX_BYTES = 100_000


@dataclass(frozen=True, slots=True)
class Stamped:
    """When the service saw the bytes, and what its certificate calls it."""

    at: datetime
    by: str


def asked(data: bytes) -> tuple[bytes, int]:
    """The request for a time-stamp of ``data``, of which it holds the SHA-256 alone; and its nonce.

    Raises UnsupportedKind without the extra ``timestamps``.
    """
    library = _library()
    builder = library.TimestampRequestBuilder().data(data).hash_algorithm(library.HashAlgorithm.SHA256)
    request = builder.nonce(nonce=True).cert_request(cert_request=True).build()
    return bytes(request.as_bytes()), int(request.nonce)


def checked(reply: bytes, data: bytes, roots: Sequence[x509.Certificate], *, nonce: int | None = None) -> Stamped:
    """What a reply says of ``data``, under one of these root certificates.

    ``nonce`` is that of the request, while it is known. Raises Refused for a reply that says nothing of these bytes,
    by another service, or by a certificate that is not for time-stamps; UnsupportedKind without the extra.
    """
    library = _library()
    try:
        response = library.decode_timestamp_response(reply[:MAX_BYTES])
        builder = library.VerifierBuilder(roots=list(roots), nonce=nonce)
        holds = builder.build().verify_message(response, data)
        at, by = response.tst_info.gen_time, _signer(response)
    except (ValueError, library.VerificationError) as error:
        raise _refusal(str(error)) from None
    if not holds:
        raise _refusal("another")
    return Stamped(at.astimezone(UTC), by)


def _refusal(problem: str) -> Refused:
    return Refused("This time-stamp does not hold.", found=problem[:300],
                   expected="one of these bytes, under the certificate of timestamps.toml")  # fmt: skip


def _signer(response: object) -> str:
    """The name in the certificate that signed; ``verify_message`` has seen that there is one."""
    signed = response.signed_data  # type: ignore[attr-defined]
    (info,) = signed.signer_infos
    for der in signed.certificates:
        certificate = x509.load_der_x509_certificate(der)
        if (certificate.issuer, certificate.serial_number) == (info.issuer, info.serial_number):
            return certificate.subject.rfc4514_string()
    raise ValueError("the certificate that signed is not in it")


def _library() -> ModuleType:
    try:
        import rfc3161_client
    except ImportError:
        raise UnsupportedKind("Time-stamps are not read by this installation.", expected="the extra timestamps",
                              found="not installed",
                              todo="Install cell-product-registry[timestamps].") from None  # fmt: skip
    return rfc3161_client

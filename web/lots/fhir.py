"""A lot as HL7 FHIR, by its suffix or by ``Accept``.

GET /lots/H-01.fhir.json
GET /lots/H-01             Accept: application/fhir+json
"""

from __future__ import annotations

from flask import Blueprint, Response, request

from registry.services.accounts import Permission
from web.access import allow, registry

pages = Blueprint("fhir", __name__)
FHIR_JSON = "application/fhir+json"


@pages.get("/lots/<path:lot>.fhir.json")
@allow(Permission.READ)
def lot(lot: str) -> Response:
    """The lot's batch analysis as a FHIR R5 bundle."""
    return bundle(lot)


def wanted() -> bool:
    """Whether ``Accept`` names FHIR and likes nothing better."""
    accepted = request.accept_mimetypes
    return FHIR_JSON in accepted.values() and accepted.best == FHIR_JSON


def bundle(lot: str) -> Response:
    """The answer in FHIR; raises as the service does."""
    return Response(registry().lots.fhir(lot), content_type=f"{FHIR_JSON}; fhirVersion=5.0")

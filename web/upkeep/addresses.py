"""Every address that the registry's RDF uses leads to what it names: a page, or the same thing as RDF by ``Accept``.

GET /lot/H-01                                      303 to /lots/H-01
GET /decision/H-04/20261201T035036732596Z          303 to the record that was signed
"""

from __future__ import annotations

from flask import Blueprint, Response, redirect, url_for

from registry.services.accounts import Permission
from registry.services.upkeep.addresses import ACTS
from web.access import allow, registry

pages = Blueprint("addresses", __name__)
KINDS = ",".join(f'"{kind}"' for kind in ACTS)


def _to(endpoint: str, **values: str) -> Response:
    return redirect(url_for(endpoint, **values), 303)  # type: ignore[return-value, arg-type]


@pages.get("/lot/<path:lot>")
@pages.get("/verdict/<path:lot>", endpoint="verdict")
@allow(Permission.READ)
def lot(lot: str) -> Response:
    """A lot, and the verdict on its evidence."""
    return _to("lots.lot", lot=lot)


@pages.get("/product/<path:product>")
@allow(Permission.READ)
def product(product: str) -> Response:
    """A product."""
    return _to("products.product", product=product)


@pages.get("/specification/<name>/<path:version>")
@allow(Permission.READ)
def specification(name: str, version: str) -> Response:
    """A version of a specification, also of those that are shipped, whose own addresses are w3id.org's."""
    return _to("specifications.specification", name=name, version=version)


@pages.get("/record/<path:digest>")
@allow(Permission.READ)
def record(digest: str) -> Response:
    """A record, which is also a named graph."""
    return _to("records.record", digest=digest)


@pages.get("/file/<path:digest>")
@allow(Permission.READ)
def file(digest: str) -> Response:
    """A file as it was sent."""
    return _to("records.file", digest=digest)


@pages.get("/panel/<path:panel>")
@allow(Permission.READ)
def panel(panel: str) -> Response:
    """A panel, on its lot's page."""
    return _to("lots.lot", lot=registry().upkeep.addresses.panel(panel), _anchor="panels")


@pages.get("/submission/<path:identity>")
@allow(Permission.READ)
def submission(identity: str) -> Response:
    """What was sent at one time."""
    return _to("records.record", digest=registry().upkeep.addresses.submission(identity))


@pages.get("/administration/<path:key>")
@allow(Permission.READ_ADMINISTRATIONS)
def administration(key: str) -> Response:
    """What was given, for whoever may see it."""
    return _to("administrations.administration", key=key)


@pages.get("/outcome/<path:key>")
@allow(Permission.READ_OUTCOMES)
def outcome(key: str) -> Response:
    """What was seen of one administration, for whoever may see it."""
    return _to("outcomes.outcome", key=key)


@pages.get(f"/<any({KINDS}):kind>/<path:subject>/<stamp>")
@allow(Permission.READ)
def act(kind: str, subject: str, stamp: str) -> Response:
    """What somebody did at one time: its record."""
    return _to("records.record", digest=registry().upkeep.addresses.act(kind, subject, stamp))

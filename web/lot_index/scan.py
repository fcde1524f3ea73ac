"""A label read by the camera of a phone or a desk, or from a photograph; what it says is looked up as if it were typed.

GET /scan

The picture stays in the browser. Where the browser has no reader of its own, ours reads it: WebAssembly from this site.
So this one page may ask for the camera and compile WebAssembly; no other page may do either.
"""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template

from registry.services.accounts import Permission
from web.access import allow
from web.security import HEADERS, POLICY

pages = Blueprint("scan", __name__)
SCAN_POLICY = POLICY.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")
"""``wasm-unsafe-eval`` lets a script of ours compile WebAssembly, and no text as a script (CSP Level 3, 4.4)."""
SCAN_PERMISSIONS = HEADERS["Permissions-Policy"].replace("camera=()", "camera=(self)")


@pages.get("/scan")
@allow(Permission.READ)
def scan() -> Response:
    """The camera, a photograph, or the identifier typed."""
    page = make_response(render_template("lot_index/scan.html"))
    page.headers["Content-Security-Policy"] = SCAN_POLICY
    page.headers["Permissions-Policy"] = SCAN_PERMISSIONS
    return page

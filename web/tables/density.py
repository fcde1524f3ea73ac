"""How close the rows of tables stand: roomy, or dense for whoever reads many at a desk.

GET /lots?density=dense      this page and every later one in this browser has dense rows, until roomy ones are chosen

The choice is a link beneath each table, so it needs no script; a cookie remembers it for a year.
"""

from __future__ import annotations

from flask import Flask, Response, g, request

from web import security
from web.language import marked

CHOICES = {"roomy": marked("roomy"), "dense": marked("dense")}
YEAR = 365 * 86400


def fit(app: Flask) -> None:
    """Tell every page how close its rows stand, and remember what was chosen."""
    app.context_processor(lambda: {"density": density(), "densities": CHOICES})
    app.after_request(remember)


def density() -> str:
    """What the address chooses, else what the browser remembers; roomy where neither says a choice that there is."""
    chosen = request.args.get("density", "")
    kept = chosen if chosen in CHOICES else security.cookie("density")
    return kept if kept in CHOICES else "roomy"


def remember(response: Response) -> Response:
    """Keep a choice that the address makes, in the browser of a person who is signed in."""
    chosen = request.args.get("density", "")
    if chosen in CHOICES and g.get("by_cookie"):
        security.set_cookie(response, "density", chosen, max_age=YEAR)
    return response

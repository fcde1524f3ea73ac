"""The subjects of the site, one file each."""

from __future__ import annotations

from web import (
    accounts,
    api,
    find,
    health,
    lots,
    paper,
    products,
    records,
    release,
    review,
    sign_in,
    sparql,
    specifications,
    submit,
    tables,
)

ROOMS = (
    sign_in.pages,
    find.pages,
    lots.pages,
    paper.pages,
    submit.pages,
    release.pages,
    review.pages,
    products.pages,
    specifications.pages,
    records.pages,
    sparql.pages,
    api.pages,
    tables.pages,
    accounts.pages,
    health.pages,
)

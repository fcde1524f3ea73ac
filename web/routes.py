"""The subjects of the site, one file each."""

from __future__ import annotations

from web.accounts import accounts, sign_in
from web.lot_index import explore, find
from web.lots import live, lots, register
from web.mappings import mappings
from web.ontologies import terms
from web.printing import paper
from web.products import products
from web.queries import catalogue, questions, sparql
from web.releases import queue, release, review
from web.specifications import specifications
from web.submissions import retests, submissions, submit, tables
from web.upkeep import api, health, ledger, records, settings, style_guide

ROOMS = (
    sign_in.pages,
    find.pages,
    lots.pages,
    live.pages,
    paper.pages,
    submit.pages,
    mappings.pages,
    release.pages,
    review.pages,
    products.pages,
    specifications.pages,
    records.pages,
    sparql.pages,
    questions.pages,
    catalogue.pages,
    api.pages,
    tables.pages,
    accounts.pages,
    health.pages,
    explore.pages,
    ledger.pages,
    style_guide.pages,
    queue.pages,
    register.pages,
    settings.pages,
    retests.pages,
    submissions.pages,
    terms.pages,
)

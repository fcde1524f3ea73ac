"""The blueprints of the site, one for each file that answers addresses, by subject."""

from __future__ import annotations

from web.accounts import accounts, passkeys, second_factor, sign_in, tokens
from web.administrations import administrations, containers, findings, supply, trace
from web.agents import agents
from web.claims import claims, publications
from web.guides import guides, words
from web.homes import home
from web.lot_index import explore, find, rules, scan, trends
from web.lots import evidence, feed, fhir, identifiers, live, lots
from web.lots import register as register_lot
from web.mappings import mappings
from web.ontologies import carry, terms
from web.outcomes import outcomes, relation
from web.printing import paper
from web.products import products
from web.products import register as register_product
from web.proofs import proofs, verify
from web.queries import catalogue, crates, questions, saved, sparql
from web.releases import accept, queue, release, trail_review
from web.specifications import approve, specifications, templates
from web.studies import studies
from web.submissions import api, grid, repair, retests, submissions, submit, withdraw
from web.upkeep import addresses, health, ledger, openapi, records, settings, style_guide
from web.webhooks import webhooks

SUBJECTS = (
    *(sign_in.pages, accounts.pages, tokens.pages, second_factor.pages, passkeys.pages),
    home.pages,
    *(lots.pages, feed.pages, fhir.pages, live.pages, evidence.pages, register_lot.pages, identifiers.pages),
    *(find.pages, scan.pages, explore.pages, trends.pages, rules.pages),
    *(products.pages, register_product.pages),
    studies.pages,
    *(claims.pages, publications.pages),
    *(submit.pages, grid.pages, submissions.pages, retests.pages, withdraw.pages, repair.pages, api.pages),
    *(queue.pages, release.pages, accept.pages, trail_review.pages),
    *(outcomes.pages, relation.pages),
    *(administrations.pages, containers.pages, findings.pages, supply.pages, trace.pages),
    *(specifications.pages, approve.pages, templates.pages),
    mappings.pages,
    *(terms.pages, carry.pages),
    *(sparql.pages, questions.pages, saved.pages, catalogue.pages, crates.pages),
    agents.pages,
    *(guides.pages, words.pages),
    paper.pages,
    *(proofs.pages, verify.pages),
    *(ledger.pages, records.pages, settings.pages, health.pages, style_guide.pages, openapi.pages),
    addresses.pages,
    webhooks.pages,
)

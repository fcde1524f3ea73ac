"""A study in the browser and for programs: every field, the total beside the dose, the state of each lot."""

from __future__ import annotations

from importlib.resources import files

import pytest

from registry.exchange.study_file import read
from registry.services import ProductDraft
from tests.web.conftest import Site

SEED = read("study.toml", files("registry.demo").joinpath("study.toml").read_bytes())


@pytest.fixture
def studied(site: Site) -> Site:
    """A site whose registry knows the seed study, a product for it and a lot of that."""
    registry = site.registry
    by = next(account for account in registry.accounts.all() if account.role == "quality unit")
    registry.studies.add(SEED, by)
    draft = ProductDraft(
        "POI-S", "Cells for the study", "CL:0000134", "a line", "allogeneic", "NCBITaxon:9606", study="NCT03877471"
    )
    registry.products.register(draft, by)
    return site

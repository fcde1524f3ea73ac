"""A lot's records as one file from the browser, for those who take copies."""

from __future__ import annotations

import io
import zipfile

import pytest

from tests.web.conftest import HTML, Site


@pytest.mark.parametrize(("form", "name", "within"), [("ro-crate", "H-03.zip", ""), ("eln", "H-03.eln", "lot/")])
def test_the_quality_unit_saves_a_lots_records(site: Site, form: str, name: str, within: str) -> None:
    """From the lot's page; the credential is inside."""
    quality = site.signed_in("quality")
    assert f'href="/crates/{form}/H-03"' in quality.get("/lots/H-03", headers=HTML).text
    answer = quality.get(f"/crates/{form}/h-03")
    assert (answer.status_code, name in answer.headers["Content-Disposition"]) == (200, True)
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        assert {f"{within}ro-crate-metadata.json", f"{within}proofs/H-03.vc.json"} <= set(packed.namelist())


def test_a_lot_that_there_is_none_of_has_no_crate(site: Site) -> None:
    assert site.client().get("/crates/eln/none", headers=site.bearer("quality")).status_code == 404

"""From a study to what was found late, and everybody who has to know of it: one story, five people."""

from __future__ import annotations

import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tests.browser.looking import faults, words
from tests.browser.place import Place, context
from tests.browser.test_stories import sign

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LOT, STUDY, PRODUCT = "TS-1", "NCT09990001", "told-cells"
TRIAL = """\
study = "NCT09990001"
title = "A made-up study of cells for the ovary"
enrolment = { value = 6, type = "estimated" }
conditions = ["DOID:5426"]
cell_type = "CL:0000134"
schedule = { every = "2 weeks" }
unknown = ["sites"]
"""
ARMS = {"low": 2_000_000, "medium": 5_000_000, "high": 50_000_000}
for arm, dose in ARMS.items():
    TRIAL += f'[[arms]]\nid = "{arm}"\nlabel = "{arm.title()} dose"\ndose_per_site = "{dose}"\n'
    TRIAL += 'sites = ["UBERON:0002118", "UBERON:0002119"]\n'
PANEL = """\
lot,characteristic,value,unit,method,duration
TS-1,CD73,99.1,%,flow cytometry,
TS-1,CD90,98.7,%,flow cytometry,
TS-1,CD105,97.9,%,flow cytometry,
TS-1,CD45,0.3,%,flow cytometry,
TS-1,CD34,0.2,%,flow cytometry,
TS-1,HLA-DR,0.6,%,flow cytometry,
TS-1,viability,92.4,%,trypan blue,
TS-1,viable cell number,2.4E+07,cells,,
TS-1,total cell number,1.3E+07,cells/vial,,
TS-1,OCT4,<0.05,%,flow cytometry,
TS-1,TRA-1-60,0.2,%,flow cytometry,
TS-1,sterility,no growth,,USP <71>,14 days
TS-1,mycoplasma,negative,,Ph. Eur. 2.6.7,
TS-1,endotoxin,<0.1,EU/mL,Ph. Eur. 2.6.14,
TS-1,karyotype,"46,XX",,G-banding,
"""
LATE = "lot,characteristic,value,unit,method,duration\nTS-1,sterility,growth,,USP <71>,14 days\n"


def entered(place: Place, programs: Path, secrets: Path, role: str, *typed: str) -> None:
    """A command on the served folder, by somebody with an account."""
    name, password = place.sign_ins[role]
    (secrets / f"{role}.pw").write_text(password + "\n")
    command = [str(programs / "cell-registry"), *typed, "--as", name, "--password-file", str(secrets / f"{role}.pw")]
    done = subprocess.run(
        [*command, "--data", str(place.folder)], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr


def described(place: Place, programs: Path, folder: Path) -> None:
    """The sponsor adds the study, its product and a lot of four containers; the quality unit a specification."""
    (folder / "trial.toml").write_text(TRIAL)
    entered(place, programs, folder, "submitter", "study", "add", str(folder / "trial.toml"))
    about = ("--cell-type", "CL:0000134", "--source", "CLO:0037280", "--donor-relation", "allogeneic")
    use = ("--indication", "DOID:5426", "--study", STUDY)
    entered(place, programs, folder, "submitter", "product", "add", PRODUCT, "--label", "Told cells", *about, *use)
    held = ("specification", "approve", "hesc-msc-ovarian-illustrative@1", "--product", PRODUCT)
    entered(place, programs, folder, "quality-unit", *held)
    lot = ("--product", PRODUCT, "--expires", "2099-01-01T00:00+00:00", "--containers", "4", "--derived-from", "WCB-1")
    lot += ("--synthetic",)
    entered(place, programs, folder, "submitter", "lot", "add", LOT, *lot)


def pasted(page: Page, place: Place, rows: str) -> None:
    """The laboratory pastes rows and submits them."""
    page.goto(f"{place.address}submit")
    page.get_by_label("Or paste rows").fill(rows)
    page.locator("#preview").get_by_role("button", name="Submit exactly this file").click(timeout=60_000)
    page.locator("main .done").wait_for()


def given(page: Page, place: Place, arm: str, code: str, container: str) -> str:
    """The clinic gives a container to both ovaries; answers the administration's address."""
    page.goto(f"{place.address}administer/{LOT}")
    page.get_by_label("Arm").select_option(arm)
    page.get_by_label("Recipient's code").fill(code)
    page.get_by_label("Containers").fill(container)
    page.get_by_label("Given at").fill(f"{datetime.now(UTC):%Y-%m-%dT%H:%M}")
    page.get_by_label("Viable cells at each site").fill(f"left={ARMS[arm]}\nright={ARMS[arm]}")
    page.get_by_role("button", name="Record what was given").click()
    page.wait_for_url("**/administrations/A-*")
    assert f"{2 * ARMS[arm]} viable cells" in words(page, "main")
    return page.url.partition("?")[0]


def test_from_a_study_to_everybody_who_has_to_know(
    place: Place, browser: Browser, standing_by: Path, tmp_path: Path
) -> None:
    """A study, a lot released for two of its arms, two recipients, their visits; then its sterility culture grows."""
    described(place, standing_by, tmp_path)
    pages = {role: context(browser).new_page() for role in ("submitter", "quality-unit", "clinician", "analyst")}
    for role, page in pages.items():
        place.sign_in(page, role)
    lab, quality, clinic, analyst = pages.values()

    analyst.goto(f"{place.address}studies/{STUDY}")
    assert "4 000 000" in words(analyst, "#arms + .scroll").replace("\u202f", " ").replace("\xa0", " ")
    pasted(lab, place, PANEL)
    quality.goto(f"{place.address}release/{LOT}")
    rows = quality.locator("section[aria-labelledby=arms-served] tbody tr").all()
    assert [words_of.inner_text().split("\n")[0].split("\t")[0] for words_of in rows] == [
        "Low dose", "Medium dose", "High dose"
    ]  # fmt: skip
    assert [row.locator("td[data-said='Suffices?'] strong").inner_text() for row in rows] == [
        "suffices", "suffices", "does not suffice"
    ]  # fmt: skip
    sign(place, quality, "release")
    assert words(quality, ".answer .word") == "MAY BE INJECTED"

    address = given(clinic, place, "low", "R-301", "1")
    assert faults(clinic) == []
    given(clinic, place, "medium", "R-302", "2")
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    visits = "recipient,date,visit,characteristic,value,unit\n"
    visits += f"R-301,{today},1,FSH,38,IU/L\nR-302,{today},1,FSH,<25,mIU/mL\n"
    clinic.goto(f"{place.address}outcomes")
    clinic.get_by_label("Or paste rows").fill(visits)
    clinic.get_by_role("button", name="Submit").click()
    assert words(clinic, "#receipt") == "2 outcomes are recorded."
    clinic.locator("section[aria-labelledby=seen] tbody a[href*='/outcomes/']").first.click()
    assert "R-30" not in clinic.content()
    assert faults(clinic) == []

    pasted(lab, place, LATE)
    clinic.goto(f"{place.address}lots/{LOT}")
    assert words(clinic, ".answer .word") == "MUST NOT BE INJECTED"
    clinic.get_by_role("navigation", name="Main").get_by_role("link", name="Found late").click()
    cards = clinic.locator(".card", has=clinic.get_by_role("heading", name=re.compile(f"^{LOT}")))
    assert re.findall(r"R-30\d", " ".join(cards.all_inner_texts())) == ["R-301", "R-302"]
    cards.first.get_by_role("button", name="Whoever received it was told").click()
    assert "told: clinic.haas" in cards.first.inner_text()
    quality.goto(f"{place.address}review")
    quality.get_by_role("link", name=re.compile("found")).first.click()
    assert re.findall(r"R-30\d", quality.inner_text("main")) == ["R-301", "R-302"]
    clinic.goto(f"{place.address}trace")
    clinic.get_by_label("What to follow").fill("R-301")
    clinic.get_by_role("button", name="Follow it").click()
    assert "R-301" not in clinic.url
    assert clinic.locator(".lineage .name").all_text_contents() == [
        "hESC-line-X", "MCB-1", "WCB-1", LOT, "container 1", address.rpartition("/")[2]
    ]  # fmt: skip
    assert faults(clinic) == []
    for path in ("findings", f"given/{LOT}", address.removeprefix(place.address)):
        refused = analyst.goto(f"{place.address}{path}")
        assert refused is not None
        assert refused.status == 403
    for page in pages.values():
        page.context.close()

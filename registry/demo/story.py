"""The story told to an empty registry, step by step, through the same verbs that everybody uses."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from pathlib import Path

from registry.demo import mechanisms, published, trial
from registry.errors import Refused
from registry.exchange import study_file
from registry.services import Account, LotDraft, ProductDraft, Registry

SIGN_INS = "demo-sign-ins.json"
PRODUCT = "hESC-M-ovary"
SPECIFICATION = "hesc-msc-ovarian-illustrative"
VERSION = "2"
BASE = "https://registry.example/"
NOTE = "Made up for the demonstration."
MEANINGS = {
    "release": "I have reviewed the evidence of this lot and release it for injection.",
    "hold": "I put this lot on hold: it must not be injected until I have decided again.",
    "rejection": "I have reviewed the evidence of this lot and reject it: it must never be injected.",
    "recall": "I recall this cell bank: nothing made from it may be injected, and what was given out is called back.",
}

PEOPLE = {
    "lab.li": ("submitter", "Li Na, QC laboratory"),
    "quality.okafor": ("quality unit", "Ngozi Okafor, quality unit"),
    "clinic.haas": ("clinician", "Dr Miriam Haas, clinic"),
    "analyst.ruiz": ("analyst", "Pablo Ruiz, analyst"),
    "inspector.novak": ("inspector", "Eva Novák, inspector"),
}


@dataclass(frozen=True, slots=True)
class SignIn:
    """Who may sign in to the demonstration, and how."""

    role: str
    name: str
    password: str


def open_demo(
    directory: Path, say: Callable[[str], None], *, at_length: bool = True
) -> tuple[Registry, list[SignIn], str]:
    """The demonstration in ``directory``: told anew in an empty folder, continued in its own.

    Answers the registry, who may sign in, and an analyst's token. Raises Refused for a folder that holds anything else.
    ``say`` is told each step. ``at_length`` tells the study with its forty lots and 28 recipients besides (``trial``);
    without it there are the named lots alone.
    """
    kept = directory / SIGN_INS
    if kept.is_file():
        say(f"Continuing the demonstration in {directory}")
        story = json.loads(kept.read_text(encoding="utf-8"))
        return Registry.open(directory), [SignIn(**entry) for entry in story["sign_ins"]], story["token"]
    if directory.exists() and any(directory.iterdir()):
        raise Refused(
            "This folder is not the demonstration's.",
            expected="an empty folder, or one that a finished demonstration made",
            found=str(directory),
            todo="Name another folder with --data, or delete this one when a demonstration was cut off in it.",
        )
    say(f"Creating a registry in {directory}")
    registry, password = Registry.create(directory, base=BASE, demonstration=True)
    sign_ins, token = _people(registry, password)
    passwords = {sign_in.name: sign_in.password for sign_in in sign_ins}
    for step in _tell(registry, passwords, at_length):
        say(step)
    _keep(kept, sign_ins, token)
    return registry, sign_ins, token


def _keep(file: Path, sign_ins: list[SignIn], token: str) -> None:
    """Written last, so that a demonstration that was cut off is not taken for a whole one."""
    unfinished = file.with_suffix(".tmp")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        json.dump({"sign_ins": [asdict(sign_in) for sign_in in sign_ins], "token": token}, stream, indent=1)
        stream.flush()
        os.fsync(stream.fileno())
    unfinished.rename(file)


def _people(registry: Registry, one_time: str) -> tuple[list[SignIn], str]:
    administrator = secrets.token_urlsafe(12)
    admin = registry.accounts.change_password("admin", one_time, administrator)
    sign_ins = []
    for name, (role, printed_name) in PEOPLE.items():
        first, chosen = registry.accounts.create(name, role, printed_name, by=admin), secrets.token_urlsafe(12)
        registry.accounts.change_password(name, first, chosen)
        sign_ins.append(SignIn(role, name, chosen))
    sign_ins.append(SignIn("administrator", "admin", administrator))
    analyst = _account("analyst.ruiz")
    return sign_ins, registry.accounts.create_token(analyst.name, "demonstration", by=analyst)


def _tell(registry: Registry, passwords: dict[str, str], at_length: bool) -> Iterator[str]:
    quality, lab = "quality.okafor", _account("lab.li")
    yield from published.tell(registry, (quality, passwords[quality]), lab)
    yield "Adding study NCT03877471"
    study = resources.files("registry.demo").joinpath("study.toml").read_bytes()
    registry.studies.add(study_file.read("study.toml", study), _account(quality))
    yield "Describing the product of study NCT03877471"
    _describe(registry)
    yield "Approving the illustrative specification"
    registry.specifications.approve(
        PRODUCT, SPECIFICATION, VERSION, name=quality, password=passwords[quality],
        meaning="I approve this illustrative specification for the demonstration.",
    )  # fmt: skip

    def decide(lot: str, kind: str, reason: str = "") -> None:
        registry.releases.sign(
            lot, kind, name=quality, password=passwords[quality], meaning=MEANINGS[kind], reason=reason  # type: ignore[arg-type]
        )  # fmt: skip

    yield "Registering cell line, banks and lots"
    _origins(registry)
    if at_length:
        people = {role: _account(name) for name, (role, _printed) in PEOPLE.items()}
        yield from trial.tell(registry, PRODUCT, people, decide)
    _lots(registry)
    for name, data in _panels():
        yield f"Submitting {name}"
        registry.submissions.submit(name, data, lab)
    for lot in ("H-01", "H-06", "H-08", "H-09", "H-10"):
        yield f"Releasing {lot}"
        decide(lot, "release")
    yield "Holding, rejecting, recalling"
    decide("H-08", "hold", "The shipment's temperature log has a gap of 40 minutes.")
    decide("H-04", "rejection", "Viability out of specification, confirmed by the laboratory's investigation.")
    decide("WCB-2", "recall", "A vial of the working cell bank was found positive for mycoplasma.")
    yield from mechanisms.tell(registry, PRODUCT, (quality, passwords[quality]), lab)


def _account(name: str) -> Account:
    role, printed_name = PEOPLE[name]
    return Account(name, printed_name, role)


def _describe(registry: Registry) -> None:
    registry.products.register(
        ProductDraft(
            id=PRODUCT,
            label="MSC-like cells derived from human embryonic stem cells, for injection into the ovary",
            cell_type="CL:0000134",
            source="CLO:0037280",
            donor_relation="allogeneic",
            species="NCBITaxon:9606",
            indications=("DOID:5426",),
            study="NCT03877471",
            note=(
                "Phase 1, sponsor Chinese Academy of Sciences; both ovaries, transvaginal ultrasound; dose groups of "
                "2 000 000, 5 000 000 and 10 000 000 cells per ovary (the registries' print '0.2×107' has lost its "
                "superscript). Start 2019-04-01 or 2019-04-03: two captures differ. Not published: the cell line, "
                "volume, needle, passage, release specification, any lot's results. Follow-up every 2 weeks."
            ),
        ),
        _account("quality.okafor"),
    )


def _origins(registry: Registry) -> None:

    def origin(name: str, kind: str, *parents: str) -> None:
        registry.lots.register(
            LotDraft(name, kind=kind, derived_from=parents, synthetic=True, note=NOTE), _account("quality.okafor")  # type: ignore[arg-type]
        )  # fmt: skip

    origin("hESC-line-X", "cell line")
    origin("MCB-1", "cell bank", "hESC-line-X")
    origin("WCB-1", "cell bank", "MCB-1")
    origin("WCB-2", "cell bank", "MCB-1")


def _lots(registry: Registry) -> None:
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    for number in range(1, 14):
        lot = f"H-{number:02d}"
        made = min(date(2026, 10, 1), (now - timedelta(days=40)).date()) + timedelta(days=number)
        registry.lots.register(
            LotDraft(
                lot,
                product=PRODUCT,
                passage=5 if number % 3 else 6,
                manufactured_on=made,
                expires_at=now - timedelta(days=2) if lot == "H-07" else now + timedelta(days=180 + number),
                containers=12,
                storage="vapour phase of liquid nitrogen, below -150 °C",
                derived_from=("WCB-2",) if lot in {"H-09", "H-10"} else ("WCB-1",),
                synthetic=True,
                note=NOTE,
            ),
            _account("lab.li"),
        )


def _panels() -> Iterator[tuple[str, bytes]]:
    files = sorted(resources.files("registry.demo").joinpath("panels").iterdir(), key=lambda file: file.name)
    for file in files:
        if file.name.endswith(".csv"):
            yield file.name, file.read_bytes()

"""Where the signing key is kept, and what stays verifiable when it is replaced, lost, closed, moved, or in an agent."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from registry.audit import audit
from registry.errors import Conflict, Refused, Unavailable
from registry.ledger import Ledger, NewEntry, establish, rotate, signing_key
from registry.proof.keys.place import PASSPHRASE, PASSPHRASE_FILE
from registry.proof.signing import move, protect, verify
from tests.ledgers import BASE, said


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = establish(tmp_path / "data", base=BASE, actor="init")
    yield made
    made.close()


@pytest.fixture
def passphrase(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "passphrase"
    file.write_text("nine blue kites climb\n")
    file.chmod(0o600)
    monkeypatch.setenv(PASSPHRASE_FILE, str(file))
    return file


def sign(ledger: Ledger, word: str) -> str:
    """A signed record; its signature."""
    record = said(word)
    details = signing_key(ledger).details(record.ntriples)
    ledger.append([NewEntry("decision", record, details={**details})], actor="q")
    return details["signature"]


def own(ledger: Ledger) -> Path:
    assert ledger.directory is not None
    return ledger.directory / "signing-key.pem"


def test_what_was_signed_stays_verifiable_after_a_rotation_and_after_a_loss(ledger: Ledger) -> None:
    """The old key consents to the first; the second says by its silence that the old one was not at hand."""
    first, before = sign(ledger, "a"), ledger.public_key
    rotate(ledger, actor="keeper", reason="The clerk left.")
    second, between = sign(ledger, "b"), ledger.public_key
    own(ledger).unlink()
    rotate(ledger, actor="keeper", reason="The disk broke.")
    third = sign(ledger, "c")
    consents = ["consent" in entry.details for entry in ledger.entries(kind="key")]
    assert consents == [True, False]
    signed = ((before, "a", first), (between, "b", second), (ledger.public_key, "c", third))
    assert [verify(public, said(word).ntriples, signature) for public, word, signature in signed] == [True] * 3
    assert not verify(before, said("b").ntriples, second)
    report = audit(ledger)
    assert (report.findings, report.counts["keys replaced without the old one's consent"]) == ((), 1)


def test_a_key_under_a_passphrase_signs_only_where_that_is_at_hand(
    ledger: Ledger, passphrase: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    protect(own(ledger))
    assert own(ledger).read_bytes().startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
    assert own(ledger).stat().st_mode & 0o777 == 0o600
    sign(ledger, "a")
    rotate(ledger, actor="keeper", reason="Yearly.")
    assert b"ENCRYPTED" in own(ledger).read_bytes()  # the next one too
    monkeypatch.setenv(PASSPHRASE_FILE, "")
    with pytest.raises(Refused, match="under a passphrase"):
        sign(ledger, "b")
    monkeypatch.setenv(PASSPHRASE, "another one")
    with pytest.raises(Refused, match="found: another passphrase") as refusal:
        sign(ledger, "b")
    assert "another one" not in str(refusal.value)
    monkeypatch.setenv(PASSPHRASE, "nine blue kites climb")
    sign(ledger, "b")
    assert audit(ledger).findings == ()


@pytest.mark.parametrize(("mode", "text"), [(0o644, "nine blue kites climb\n"), (0o600, "\n")])
def test_a_passphrase_that_others_may_read_or_that_is_empty_is_refused(
    ledger: Ledger, passphrase: Path, mode: int, text: str
) -> None:
    passphrase.write_text(text)
    passphrase.chmod(mode)
    before = own(ledger).read_bytes()
    with pytest.raises(Refused, match="The file of the passphrase is not fit"):
        protect(own(ledger))
    assert own(ledger).read_bytes() == before


def test_nothing_is_closed_without_a_passphrase(ledger: Ledger) -> None:
    with pytest.raises(Refused, match="There is no passphrase"):
        protect(own(ledger))


def test_a_key_that_was_taken_elsewhere_signs_and_is_replaced_there(ledger: Ledger, tmp_path: Path) -> None:
    """Without its disk nothing is signed; entries that need no signature go on, and the audit counts them."""
    target = tmp_path / "registry.pem"
    move(own(ledger), target)
    assert own(ledger).read_text() == f"path: {target}\n"
    sign(ledger, "a")
    rotate(ledger, actor="keeper", reason="Yearly.")
    sign(ledger, "b")
    assert ledger.key_path == target
    with pytest.raises(Conflict):
        move(own(ledger), target)
    gone = target.rename(tmp_path / "unplugged")
    with pytest.raises(Exception, match="There is no signing key"):
        sign(ledger, "c")
    ledger.append([NewEntry("follow-up", details={"x": "y"})], actor="q")
    assert audit(ledger).counts["entries under no checkpoint"] == 1
    gone.rename(target)
    sign(ledger, "c")
    assert (audit(ledger).findings, audit(ledger).counts["entries under no checkpoint"]) == ((), 0)


@pytest.fixture
def agent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The public key of an agent that holds one; OpenSSH's own."""
    if shutil.which("ssh-agent") is None or shutil.which("ssh-keygen") is None:
        pytest.skip("OpenSSH's agent is not installed")
    place, key = tmp_path / "agent", tmp_path / "id"
    monkeypatch.setenv("SSH_AUTH_SOCK", str(place))
    running = subprocess.Popen(["ssh-agent", "-D", "-a", str(place)], stdout=subprocess.DEVNULL)
    try:
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
        while not place.exists():
            assert running.poll() is None
        subprocess.run(["ssh-add", "-q", str(key)], check=True, env={**os.environ}, stderr=subprocess.DEVNULL)
        yield key.with_suffix(".pub").read_text()
    finally:
        running.terminate()
        running.wait(10)


def test_a_key_in_an_agent_signs_what_anybody_verifies(ledger: Ledger, agent: str) -> None:
    rotate(ledger, actor="keeper", reason="Into the card.", agent=agent)
    assert own(ledger).read_text().startswith("ssh-agent: ssh-ed25519 AAAA")
    signature = sign(ledger, "a")
    assert verify(ledger.public_key, said("a").ntriples, signature)
    assert audit(ledger).findings == ()
    subprocess.run(["ssh-add", "-q", "-D"], check=True, stderr=subprocess.DEVNULL)
    with pytest.raises(Refused, match="The agent did not sign"):
        sign(ledger, "b")
    ledger.append([NewEntry("follow-up", details={"x": "y"})], actor="q")
    assert audit(ledger).counts["entries under no checkpoint"] == 1
    rotate(ledger, actor="keeper", reason="The card is lost.")
    assert verify(ledger.public_key, said("b").ntriples, sign(ledger, "b"))
    assert audit(ledger).counts["keys replaced without the old one's consent"] == 1


def test_an_agent_that_is_not_there_or_holds_another_key_replaces_nothing(
    ledger: Ledger, agent: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = ledger.public_key
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / "other")], check=True)
    with pytest.raises(Refused, match="The agent did not sign"):
        rotate(ledger, actor="keeper", reason="x", agent=(tmp_path / "other.pub").read_text())
    with pytest.raises(Refused, match="no Ed25519 key of an agent"):
        rotate(ledger, actor="keeper", reason="x", agent="ssh-rsa AAAA")
    monkeypatch.setenv("SSH_AUTH_SOCK", str(tmp_path / "nowhere"))
    with pytest.raises(Unavailable, match="does not answer"):
        rotate(ledger, actor="keeper", reason="x", agent=agent)
    assert (ledger.public_key, sign(ledger, "a") != "") == (before, True)


PIN = "73012265"
MODULE = next((place for place in ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so")
               if Path(place).exists()), "")  # fmt: skip


@pytest.fixture(scope="module")
def hsm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """A token of SoftHSM with keys in it, made by its own tools; the command that does something with the token."""
    tool, util = shutil.which("pkcs11-tool"), shutil.which("softhsm2-util")
    if not MODULE or tool is None or util is None:
        pytest.skip("SoftHSM and pkcs11-tool are not installed")
    pytest.importorskip("pkcs11", reason="the extra pkcs11 is not installed")
    folder = tmp_path_factory.mktemp("hsm")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}/tokens\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")  # read once a process, by the library itself
    token = [tool, "--module", MODULE, "--token-label", "registry", "--login", "--pin", PIN]
    kinds = (("EC:edwards25519", "signing"), ("EC:edwards25519", "lost"), ("EC:prime256v1", "curve"))
    commands = [
        [util, "--init-token", "--free", "--label", "registry", "--so-pin", "12345678", "--pin", PIN],
        *([*token, "--keypairgen", "--key-type", kind, "--label", label] for kind, label in kinds),
    ]
    for command in commands:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    yield token
    del os.environ["SOFTHSM2_CONF"]


def uri(label: str = "signing", held_in: str = "registry") -> str:
    return f"pkcs11:token={held_in};object={label}?module-path={MODULE}"


def test_a_key_in_a_token_signs_is_lost_and_is_replaced_and_what_it_signed_stays_verifiable(
    ledger: Ledger, hsm: list[str], passphrase: Path
) -> None:
    """The whole walk: into the token, signed, gone from it, entries under no checkpoint, another key, the audit."""
    passphrase.write_text(PIN + "\n")
    before, first = ledger.public_key, sign(ledger, "a")
    rotate(ledger, actor="keeper", reason="Into the token.", token=uri("lost"))
    noted = own(ledger).read_text()
    assert (noted.splitlines()[0], PIN in noted) == (uri("lost"), False)
    held, second = ledger.public_key, sign(ledger, "b")
    assert audit(ledger).counts["entries under no checkpoint"] == 0
    subprocess.run([*hsm, "--delete-object", "--type", "privkey", "--label", "lost"], check=True, capture_output=True)
    with pytest.raises(Unavailable, match="The token that holds the signing key does not sign"):
        sign(ledger, "c")
    ledger.append([NewEntry("follow-up", details={"x": "y"})], actor="q")
    assert audit(ledger).counts["entries under no checkpoint"] == 1
    rotate(ledger, actor="keeper", reason="The token is lost; into its successor.", token=uri())
    third = sign(ledger, "c")
    signed = ((before, "a", first), (held, "b", second), (ledger.public_key, "c", third))
    assert [verify(public, said(word).ntriples, signature) for public, word, signature in signed] == [True] * 3
    report = audit(ledger)
    assert (report.findings, report.counts["keys replaced without the old one's consent"]) == ((), 1)
    assert report.counts["entries under no checkpoint"] == 0


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (uri("nothing"), "The token that holds the signing key does not sign"),
        (uri(held_in="another"), "The token that holds the signing key does not sign"),
        (uri("curve"), "The key in the token is of another kind"),
        (uri().replace(MODULE, "/nowhere.so") if MODULE else "pkcs11:", "does not"),
        (uri() + "&pin-value=1234", "does not say where a key in a token is"),
        ("pkcs11:token=registry", "does not say where a key in a token is"),
    ],
)
def test_what_is_no_key_in_a_token_replaces_nothing(
    ledger: Ledger, hsm: list[str], passphrase: Path, text: str, problem: str
) -> None:
    passphrase.write_text(PIN + "\n")
    before = ledger.public_key
    with pytest.raises((Refused, Unavailable), match=problem):
        rotate(ledger, actor="keeper", reason="Into the token.", token=text)
    assert (ledger.public_key, ledger.size()) == (before, 1)
    sign(ledger, "a")


def test_a_token_is_asked_once_with_a_wrong_pin(
    ledger: Ledger, hsm: list[str], passphrase: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Most lock themselves after a few: a server that signs at every append would lock it within a minute."""
    import pkcs11

    passphrase.write_text(PIN + "\n")
    rotate(ledger, actor="keeper", reason="Into the token.", token=uri())
    opened: list[str] = []
    library = pkcs11.lib
    monkeypatch.setattr(pkcs11, "lib", lambda path: opened.append(path) or library(path))
    passphrase.write_text("00000000\n")
    for word in ("a", "b", "c"):
        with pytest.raises(Refused, match="The token refuses this PIN, and is not asked with it again"):
            sign(ledger, word)
    assert opened == [MODULE]
    passphrase.write_text(PIN + "\n")
    assert verify(ledger.public_key, said("a").ntriples, sign(ledger, "a"))


def test_without_the_extra_a_key_in_a_token_is_named(
    ledger: Ledger, passphrase: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pkcs11", None)
    with pytest.raises(Unavailable, match="expected: the extra pkcs11"):
        rotate(ledger, actor="keeper", reason="Into the token.", token="pkcs11:token=a;object=b?module-path=/c.so")

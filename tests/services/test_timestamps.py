"""The checkpoint stamped by a service elsewhere (RFC 3161): OpenSSL's own, over HTTP, under a root that is named."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from registry.cli import cli
from registry.errors import Refused, Unavailable, Unreadable, UnsupportedKind
from registry.proof.timestamps import token
from registry.proof.timestamps.kept import FOLDER, kept
from registry.proof.timestamps.service import FILE
from registry.services import Registry
from tests.services.conftest import House

OPENSSL = shutil.which("openssl")
pytestmark = pytest.mark.skipif(OPENSSL is None, reason="openssl, which is the service here, is not installed")
CONFIGURATION = """
[tsa]
default_tsa = own
[own]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
"""


def certificate(
    name: str, key: ec.EllipticCurvePrivateKey, by: x509.Name, signer: ec.EllipticCurvePrivateKey, *, is_root: bool
) -> x509.Certificate:
    """Of a root, or of a service that stamps (RFC 3161, 2.3: that alone, and critical)."""
    now = datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(by).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
    builder = builder.not_valid_after(now + timedelta(days=30))
    builder = builder.add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
    if not is_root:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(usage, critical=True)
    return builder.sign(signer, hashes.SHA256())


@dataclass
class Stamper:
    """A service: its folder, what it answers to a request, and every request that it was sent."""

    folder: Path
    answer: Callable[[bytes], tuple[int, bytes, dict[str, str]]]
    asked: list[bytes]
    address: str = ""

    def stamp(self, request: bytes) -> tuple[int, bytes, dict[str, str]]:
        """OpenSSL's reply."""
        (self.folder / "request.tsq").write_bytes(request)
        done = subprocess.run(
            [str(OPENSSL), "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "request.tsq", "-signer", "tsa.pem",
             "-inkey", "key.pem"],
            cwd=self.folder, capture_output=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return 200, done.stdout, {}


def pem(item: x509.Certificate) -> bytes:
    return item.public_bytes(serialization.Encoding.PEM)


@pytest.fixture(scope="module")
def stamper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stamper]:
    folder = tmp_path_factory.mktemp("tsa")
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Root of time")])
    root = certificate("Root of time", root_key, root_name, root_key, is_root=True)
    own = certificate("Stamps", key, root_name, root_key, is_root=False)
    other = certificate("Root of time", key, root_name, key, is_root=True)
    (folder / "root.pem").write_bytes(pem(root))
    (folder / "other.pem").write_bytes(pem(other))
    (folder / "tsa.pem").write_bytes(pem(own))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    (folder / "serial").write_text("01\n")
    (folder / "tsa.cnf").write_text(CONFIGURATION.format(folder=folder))
    made = Stamper(folder, lambda _request: (500, b"", {}), [])

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.asked.append(body)
            status, reply, headers = made.answer(body)
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(reply))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as serving:
        thread = threading.Thread(target=serving.serve_forever)
        thread.start()
        made.address = f"http://127.0.0.1:{serving.server_port}/tsr"
        yield made
        serving.shutdown()
        thread.join()


@contextmanager
def answering(stamper: Stamper, answer: Callable[[bytes], tuple[int, bytes, dict[str, str]]]) -> Iterator[None]:
    """While it is within, the service answers so."""
    before, stamper.answer = stamper.answer, answer
    stamper.asked.clear()
    yield
    stamper.answer = before


def name_service(registry: Registry, stamper: Stamper, certificate: str = "root.pem") -> None:
    shutil.copy(stamper.folder / certificate, registry.directory / "root.pem")
    (registry.directory / FILE).write_text(f'address = "{stamper.address}"\ncertificate = "root.pem"\n')


def ask(registry: Registry) -> Result:
    return CliRunner().invoke(cli, ["timestamp", "ask", "--data", str(registry.directory)])


def audited(registry: Registry) -> list[str]:
    """What the audit finds of time-stamps."""
    return [finding.message for finding in registry.upkeep.audit().findings if finding.check == "time-stamp"]


def test_nobody_is_asked_until_a_service_is_named(house: House, stamper: Stamper) -> None:
    """Off by default; the page of settings says so; a file that names none fully is refused."""
    registry = house.registry
    assert ("Time-stamped", "by nobody: no service is named") in registry.upkeep.inspection.facts()
    assert type(ask(registry).exception) is Unreadable
    (registry.directory / FILE).write_text(f'address = "{stamper.address}"\ncertificate = "none.pem"\n')
    assert type(ask(registry).exception) is Unreadable
    assert registry.proofs.timestamps.told().startswith("not known: This names no service of time-stamps.")
    assert stamper.asked == []


def test_the_newest_checkpoint_is_stamped_and_openssl_says_so_too(house: House, stamper: Stamper) -> None:
    """What is sent holds the checkpoint's SHA-256 alone; what is kept is read by OpenSSL, the audit and the page."""
    registry = house.registry
    name_service(registry, stamper)
    assert registry.proofs.timestamps.told() == "not yet: a service is named, and has not been asked"
    size, text = registry.size(), registry.proofs.checkpoint()
    with answering(stamper, stamper.stamp):
        done = ask(registry)
    assert (done.exit_code, done.output.partition(", at ")[0]) == (0, f"Stamped: {size} entries, by CN=Stamps")
    (request,) = stamper.asked
    assert hashes_of(text) in request
    assert registry.base.encode() not in request
    house.lot("P-01")
    (stamp,) = kept(registry.directory)
    assert (stamp.size, stamp.checkpoint.decode()) == (size, text)
    assert registry.proofs.timestamps.told().startswith(f"{size} entries, by CN=Stamps, at ")
    assert registry.proofs.timestamps.told().endswith("; 1 entries since then are not")
    report = registry.upkeep.audit()
    assert (report.findings, report.counts["time-stamps"]) == ((), 1)
    folder = registry.directory / FOLDER
    verified = subprocess.run(
        [str(OPENSSL), "ts", "-verify", "-data", folder / f"{size}.txt", "-in", folder / f"{size}.tsr", "-CAfile",
         registry.directory / "root.pem"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Verification: OK" in verified.stdout + verified.stderr


def hashes_of(text: str) -> bytes:
    digest = hashes.Hash(hashes.SHA256())
    digest.update(text.encode())
    return digest.finalize()


def test_a_reply_that_does_not_hold_is_not_kept(house: House, stamper: Stamper) -> None:
    """By another's root, of an earlier request, refused, no reply at all, and one that leads elsewhere."""
    registry = house.registry
    name_service(registry, stamper)
    with answering(stamper, stamper.stamp):
        assert ask(registry).exit_code == 0
        earlier = next(kept(registry.directory)).token
        shutil.rmtree(registry.directory / FOLDER)
        name_service(registry, stamper, "other.pem")
        ended = [ask(registry)]
    name_service(registry, stamper)
    rejection = bytes.fromhex("30053003020102")  # PKIStatus rejection
    for reply in (
        (200, earlier, {}), (200, rejection, {}), (200, b"no", {}), (503, b"", {}), (307, b"", {"Location": "/other"})
    ):  # fmt: skip
        with answering(stamper, lambda _request, reply=reply: reply):  # type: ignore[misc]
            ended.append(ask(registry))
            assert len(stamper.asked) == 1
    assert [type(result.exception) for result in ended] == [*[Refused] * 4, *[Unavailable] * 2]
    assert list(kept(registry.directory)) == []


def test_the_audit_holds_every_time_stamp_against_ledger_and_certificate(house: House, stamper: Stamper) -> None:
    """Of another root, over other bytes, of a ledger that was rewritten, and earlier than what it stamps."""
    registry = house.registry
    name_service(registry, stamper)
    house.lot("P-01")
    with answering(stamper, stamper.stamp):
        assert ask(registry).exit_code == 0
    (stamp,) = kept(registry.directory)
    file = registry.directory / FOLDER / f"{stamp.size}.txt"
    name_service(registry, stamper, "other.pem")
    assert audited(registry) == ["This time-stamp does not hold."]
    (registry.directory / FILE).unlink()
    assert registry.upkeep.audit().counts["time-stamps by no named service"] == 1
    name_service(registry, stamper)
    assert audited(registry) == []
    file.write_bytes(stamp.checkpoint.replace(b"registry", b"elsewhere"))
    assert audited(registry) == ["No key of this ledger signed the checkpoint.", "This time-stamp does not hold."]
    file.unlink()
    assert audited(registry) == ["This is no signed note."]
    file.write_bytes(stamp.checkpoint)
    file.with_suffix(".tsr").rename(file.with_name("9.tsr"))
    file.rename(file.with_name("9.txt"))
    assert audited(registry) == ["The stamped checkpoint is of another size than its name."]


def test_a_clock_that_is_ahead_of_the_services_is_told_and_nothing_is_kept(house: House, stamper: Stamper) -> None:
    """An entry cannot be of a later time than the time-stamp over it; put there all the same, the audit names it."""
    registry = house.registry
    name_service(registry, stamper)
    house.pass_time(timedelta(hours=1))
    house.lot("P-01")
    with answering(stamper, stamper.stamp):
        done = ask(registry)
        text = registry.proofs.checkpoint().encode()
        request, _nonce = token.asked(text)
        reply = stamper.stamp(request)[1]
    assert (str(done.exception).splitlines()[0], list(kept(registry.directory))) == (
        "The time-stamp is earlier than what it is of.",
        [],
    )
    (registry.directory / FOLDER).mkdir()
    (registry.directory / FOLDER / f"{registry.size()}.txt").write_bytes(text)
    (registry.directory / FOLDER / f"{registry.size()}.tsr").write_bytes(reply)
    assert audited(registry) == ["The entry is of a later time than the time-stamp over it."]


def test_without_the_extra_it_is_named(house: House, stamper: Stamper, monkeypatch: pytest.MonkeyPatch) -> None:
    """And nobody is asked."""
    name_service(house.registry, stamper)
    monkeypatch.setitem(sys.modules, "rfc3161_client", None)
    stamper.asked.clear()
    done = ask(house.registry)
    assert isinstance(done.exception, UnsupportedKind)
    assert (done.exception.todo, stamper.asked) == ("Install cell-product-registry[timestamps].", [])

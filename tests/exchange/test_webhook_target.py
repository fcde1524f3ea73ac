"""Where a message may go, and how it is signed: what is refused beside what is taken."""

from __future__ import annotations

import contextlib
import socket
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.errors import Refused, WrongUsage
from registry.exchange.webhooks.signature import new_secret, signature, signed_headers
from registry.exchange.webhooks.target import Target, pinned, target

NOWHERE = "0.0.0.0"  # noqa: S104 - an address that is refused


def answering(*addresses: str) -> Any:
    return lambda host, port, **_more: [(socket.AF_INET, 0, 0, "", (each, port)) for each in addresses]


def test_a_signature_is_that_of_the_convention() -> None:
    """As the convention's own Python library (standardwebhooks 1.0) signs the same message."""
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    assert signed_headers(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body) == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_no_two_secrets_are_the_same_and_each_signs_otherwise() -> None:
    first, second = new_secret(), new_secret()
    assert len({first, second, signature(first, "m", 1, b""), signature(second, "m", 1, b"")}) == 4


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("https://lims.example", Target("https", "lims.example", 443, "/")),
        ("https://lims.example:8443/hook/a", Target("https", "lims.example", 8443, "/hook/a")),
        ("http://127.0.0.1:9/x", Target("http", "127.0.0.1", 9, "/x")),
        ("http://[::1]:9/x", Target("http", "::1", 9, "/x")),
    ],
)
def test_an_address_is_taken(address: str, parts: Target) -> None:
    assert target(address) == parts


@pytest.mark.parametrize(
    "address",
    [
        "", "lims.example", "ftp://lims.example/", "http://lims.example/", "http://10.0.0.1/", "https://u:p@lims.example/",
        "https://lims.example/?token=x", "https://lims.example/#x", "https://lims.example:0/", "https://lims.example:x/",
        "https:///x", "https://lims.example/a b", "https://lims.example/\r\nX: y", "https://lïms.example/",
        "https://lims.example/" + "a" * 500, "file:///etc/passwd", "https://[::1",
    ],
)  # fmt: skip
def test_an_address_is_refused(address: str) -> None:
    with pytest.raises(WrongUsage, match=r"^Nothing is sent to this address\."):
        target(address)


@given(st.text(max_size=60))
def test_whatever_is_typed_is_an_address_or_refused(text: str) -> None:
    for address in (text, f"https://{text}", f"https://lims.example/{text}"):
        with contextlib.suppress(WrongUsage):
            assert target(address).scheme in {"https", "http"}


@pytest.mark.parametrize(
    "ip",
    [
        "10.0.0.1", "172.16.0.1", "192.168.1.1", "127.0.0.1", NOWHERE, "169.254.169.254", "100.64.0.1", "224.0.0.1",
        "::1", "fe80::1%eth0", "fd00:ec2::254", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::a00:1",
        "2002:a00:1::1",
    ],
)  # fmt: skip
def test_a_host_that_stands_inside_is_refused_also_beside_a_public_address(ip: str) -> None:
    for answer in (answering(ip), answering("93.184.216.34", ip)):
        with pytest.raises(Refused, match=r"^This host stands where nothing is sent to\."):
            pinned(target("https://lims.example/"), private=False, look_up=answer)


def test_the_house_s_own_network_is_reached_where_that_was_allowed_and_nothing_nearer() -> None:
    """Neither this machine by another's name nor what describes a machine to itself."""
    lims = target("https://lims.example/")
    assert pinned(lims, private=False, look_up=answering("93.184.216.34")) == "93.184.216.34"
    assert pinned(lims, private=True, look_up=answering("10.0.0.1")) == "10.0.0.1"
    for ip in ("127.0.0.1", "::1", "169.254.169.254", "fe80::1", "224.0.0.1", NOWHERE):
        with pytest.raises(Refused):
            pinned(lims, private=True, look_up=answering(ip))


def test_this_machine_is_reached_by_its_own_name_alone() -> None:
    here = target("http://localhost:8080/")
    assert pinned(here, private=False, look_up=answering("127.0.0.1")) == "127.0.0.1"
    with pytest.raises(Refused):
        pinned(here, private=True, look_up=answering("93.184.216.34"))


def test_a_name_without_an_address_is_refused() -> None:
    def nobody(*_asked: object, **_more: object) -> list[object]:
        raise socket.gaierror(-2, "Name or service not known")

    for look_up in (nobody, answering()):
        with pytest.raises(Refused, match=r"^The name of this host has no address\."):
            pinned(target("https://lims.example/"), private=False, look_up=look_up)

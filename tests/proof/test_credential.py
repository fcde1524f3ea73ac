"""A credential of a lot holds by itself, for anybody, and nothing in it can be changed without being noticed."""

from __future__ import annotations

import base64
import copy
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from registry.errors import Unreadable
from registry.instants import xsd_moment
from registry.proof import commitment, multibase
from registry.proof.checkpoint import Checkpoint
from registry.proof.contexts import CREDENTIALS_V2
from registry.proof.cosignature import cosigned, witness_key
from registry.proof.credential import LotStatement, Named, SignedDecision, document, read_credential, written
from registry.proof.data_integrity import canonical_quads, proof_holds, signed, signed_bytes
from registry.proof.did import did_web, key_in, multikey, public_of, read_keys
from registry.proof.did import document as did_document
from registry.proof.inclusion_file import InclusionProof
from registry.proof.merkle import Tree, leaf_hash
from registry.proof.note import Verifier
from registry.proof.signing import SigningKey, pem
from registry.proof.status_list import Purpose, list_document, packed, read_list
from registry.proof.verification import AtHand, verify
from tests.proof import independent

NOW = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
BASE = "https://registry.example/"
ISSUER = "did:web:registry.example"
RECORD = "sha256:" + "32" * 32
ENTRY = json.dumps(
    {"kind": "decision", "lots": ["H-01"], "position": 7, "record": RECORD}, sort_keys=True, separators=(",", ":")
)
LEAVES = [leaf_hash(ENTRY.encode() if place == 6 else str(place).encode()) for place in range(9)]


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> SigningKey:
    return SigningKey.create(tmp_path_factory.mktemp("key") / "key.pem")


def statement(key: SigningKey, **changes: Any) -> LotStatement:
    tree = Tree(LEAVES)
    note = Checkpoint("registry.example/ledger", 9, tree.root()).signed(key)
    proof = InclusionProof(6, tuple(tree.inclusion(6, 9)), note)
    whole = LotStatement(
        address=f"{BASE}lots/H-01.vc.json",
        issuer=ISSUER,
        iri=f"{BASE}lot/H-01",
        lot="H-01",
        product="hESC-M-ovary",
        cell_type=Named("http://purl.obolibrary.org/obo/CL_0000134", "mesenchymal stem cell"),
        indications=(Named("http://purl.obolibrary.org/obo/DOID_5426", "primary ovarian insufficiency"),),
        state="released",
        may_be_injected=True,
        sentence="May be injected until 2027-05-30 21:00 +00:00.",
        specification="https://w3id.org/cell-product-registry/specification/x/1",
        specification_digest="sha256:" + "21" * 32,
        evidence=("sha256:" + "dc" * 32,),
        decision=SignedDecision(
            "release", "q.u", "Q. U., quality unit", "2026-11-29T10:00:00Z", "I release.", RECORD, 7
        ),
        stated_at="2026-11-30T11:00:00Z",
        until="2027-05-30T21:00:00Z",
        ledger_size=9,
        status_index=3,
        status_base=f"{BASE}status/",
        entry=ENTRY,
        inclusion=proof.written(),
    )
    return replace(whole, **changes)


def credential(key: SigningKey, **changes: Any) -> str:
    return written(signed(document(statement(key, **changes)), ISSUER, key, NOW))


def status(key: SigningKey, purpose: Purpose, indexes: set[int], at: datetime = NOW) -> str:
    bits = packed(indexes, 9)
    address = f"{BASE}status/{purpose}"
    lists = list_document(address, ISSUER, purpose, bits, at - timedelta(minutes=1), at + timedelta(hours=1))
    return written(signed(lists, ISSUER, key, at))


def results(verification: Any) -> dict[str, str]:
    return {check.what: check.result for check in verification.checks}


def test_a_whole_credential_holds_and_says_what_nobody_here_vouches_for(key: SigningKey) -> None:
    """Without key and lists it is whole, not vouched for: valid, the issuer and the status unknown."""
    verification = verify(credential(key), AtHand(NOW))
    assert verification.as_dict() | {"checks": []} == {
        "valid": True,
        "lot": "H-01",
        "answer": "May be injected until 2027-05-30 21:00 +00:00.",
        "status": "unknown",
        "issuer_known": False,
        "checks": [],
    }
    assert results(verification) == {"signature": "holds", "period": "holds", "ledger": "holds", "status": "unknown"}


def test_with_the_trusted_key_and_both_lists_it_is_current(key: SigningKey) -> None:
    """A key as did.json, multikey or PEM is the same key."""
    lists = (status(key, "suspension", {8}), status(key, "revocation", set()))
    for text in (json.dumps(did_document(ISSUER, [key.public])), multikey(key.public), pem(key.public).decode()):
        keys = read_keys(text.encode())
        verification = verify(credential(key), AtHand(NOW, keys, lists))
        assert (verification.valid, verification.status, verification.issuer_known) == (True, "current", True)


def test_another_trusted_key_fails(key: SigningKey, tmp_path: Path) -> None:
    """Whose key is trusted is the reader's word, not the file's."""
    other = SigningKey.create(tmp_path / "other.pem")
    verification = verify(credential(key), AtHand(NOW, (other.public,)))
    assert (verification.valid, results(verification)["signature"]) == (False, "fails")


@pytest.mark.parametrize(("purpose", "word"), [("suspension", "suspended"), ("revocation", "revoked")])
def test_a_set_bit_withdraws_the_credential(key: SigningKey, purpose: Purpose, word: str) -> None:
    """A hold suspends, a recall revokes; either makes the credential invalid."""
    verification = verify(credential(key), AtHand(NOW, lists=(status(key, purpose, {3}),)))
    assert (verification.valid, verification.status, verification.misleads) == (False, word, True)


def test_one_clear_list_alone_is_not_current(key: SigningKey) -> None:
    """Who knows of no recall may still not know of a hold."""
    verification = verify(credential(key), AtHand(NOW, lists=(status(key, "revocation", set()),)))
    assert (verification.valid, verification.status) == (True, "unknown")


def test_a_stale_a_foreign_and_a_changed_list_fail(key: SigningKey, tmp_path: Path) -> None:
    """A list is believed while it holds, from the issuer alone."""
    other = SigningKey.create(tmp_path / "other.pem")
    stale = status(key, "revocation", set(), NOW - timedelta(days=2))
    foreign = status(other, "revocation", set())
    changed = json.loads(status(key, "revocation", {3}))
    changed["credentialSubject"]["encodedList"] = json.loads(status(key, "revocation", set()))["credentialSubject"][
        "encodedList"
    ]
    for text in (stale, foreign, written(changed)):
        verification = verify(credential(key), AtHand(NOW, lists=(text,)))
        assert (verification.valid, verification.status) == (False, "unknown")


def test_a_credential_of_the_past_and_of_the_future_fails(key: SigningKey) -> None:
    """What has ended, and what is yet to come, does not hold now."""
    ended = credential(key, until="2026-11-30T11:30:00Z")
    early = credential(key, stated_at="2026-11-30T13:00:00Z")
    assert [verify(text, AtHand(NOW)).valid for text in (ended, early)] == [False, False]


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, (*path, name))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from leaves(inner, (*path, place))
    else:
        yield path


def changed_values(value: Any) -> list[Any]:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, -value]
    return [value + "x", "", value[:-1] + ("A" if not value.endswith("A") else "B")]


def test_every_changed_value_is_noticed(key: SigningKey) -> None:
    """All places of the JSON tried, each in three ways, and each property and item left out."""
    whole = json.loads(credential(key, due=("sterility",), complete_by="2026-12-14T00:00:00Z", arms=("low",)))
    for path in leaves(whole):
        target = whole
        for step in path[:-1]:
            target = target[step]
        before = target[path[-1]]
        for after in changed_values(before):
            if after == before:
                continue
            target[path[-1]] = after
            assert noticed(whole), (path, after)
            target[path[-1]] = before


def test_every_left_out_or_added_property_is_noticed(key: SigningKey) -> None:
    """A property that the context does not define is refused, though no signature covers it."""
    whole = json.loads(credential(key))
    for path in {leaf[:depth] for leaf in leaves(whole) for depth in range(1, len(leaf) + 1)}:
        changed = copy.deepcopy(whole)
        target = changed
        for step in path[:-1]:
            target = target[step]
        del target[path[-1]]
        assert noticed(changed), path
    added = copy.deepcopy(whole)
    added["credentialSubject"]["unknownProperty"] = "may be injected"
    assert noticed(added)


def noticed(changed: dict[str, Any]) -> bool:
    try:
        return not verify(written(changed), AtHand(NOW)).valid
    except Unreadable:
        return True


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n ", "\n  ", 1),
        lambda text: text.rstrip("\n"),
        lambda text: text.replace('"lot": "H-01"', '"lot": "H-02",\n  "lot": "H-01"'),
        lambda text: json.dumps(json.loads(text)),
        lambda text: text.replace('"ledgerSize": 9', '"ledgerSize": 9.0'),
        lambda text: "[" * 5000,
        lambda text: "",
    ],
)
def test_another_written_form_is_refused(key: SigningKey, change: Callable[[str], str]) -> None:
    """Another indent, no line feed, a name twice, one line, another number, no JSON: unreadable, exit 2."""
    with pytest.raises(Unreadable):
        verify(change(credential(key)), AtHand(NOW))


def test_an_entry_of_another_decision_is_noticed(key: SigningKey) -> None:
    """An inclusion proof that holds, of an entry that is not the decision's."""
    tree = Tree(LEAVES)
    note = Checkpoint("registry.example/ledger", 9, tree.root()).signed(key)
    other = InclusionProof(0, tuple(tree.inclusion(0, 9)), note)
    verification = verify(credential(key, entry="0", inclusion=other.written()), AtHand(NOW))
    assert (verification.valid, results(verification)["ledger"]) == (False, "fails")


def test_a_kept_checkpoint_finds_a_rewritten_ledger(key: SigningKey) -> None:
    """Of the same size with another root: one of the two ledgers was rewritten."""
    rewritten = Tree([leaf_hash(b"rewritten"), *LEAVES[1:]])
    same = Checkpoint("registry.example/ledger", 9, Tree(LEAVES).root()).signed(key).written()
    other = Checkpoint("registry.example/ledger", 9, rewritten.root()).signed(key).written()
    longer = Checkpoint("registry.example/ledger", 12, rewritten.root()).signed(key).written()
    kept = [
        results(verify(credential(key), AtHand(NOW, checkpoint=text)))["checkpoint"] for text in (same, other, longer)
    ]
    assert kept == ["holds", "fails", "unknown"]


def test_the_proof_of_the_decisions_entry_leads_to_what_witnesses_saw(key: SigningKey, tmp_path: Path) -> None:
    """A credential's own checkpoint names no witness: a ``.tlog-proof`` beside it does, of a longer ledger too."""
    own, another = (SigningKey.create(tmp_path / f"{name}.pem") for name in ("witness", "another"))
    longer = Tree([*LEAVES, *LEAVES])
    note = cosigned(Checkpoint("registry.example/ledger", 18, longer.root()).signed(key), "hospital.example", own, NOW)
    proof = InclusionProof(6, tuple(longer.inclusion(6, 18)), note)
    other_entry = InclusionProof(5, tuple(longer.inclusion(5, 18)), note)
    changed = proof.written().replace(note.written()[-12:], "AAAA" + note.written()[-8:])
    forged = InclusionProof(6, proof.path, Checkpoint("registry.example/ledger", 18, longer.root()).signed(another))
    known = (witness_key("hospital.example", own),)

    def seen(kept: str, witnesses: tuple[Verifier, ...] = known) -> dict[str, str]:
        checks = results(verify(credential(key), AtHand(NOW, checkpoint=kept, witnesses=witnesses)))
        return {what: checks[what] for what in ("checkpoint", "witnesses")}

    assert seen(proof.written()) == {"checkpoint": "holds", "witnesses": "holds"}
    assert seen(proof.written(), (witness_key("hospital.example", another),))["witnesses"] == "unknown"
    assert seen(changed) == {"checkpoint": "holds", "witnesses": "fails"}
    assert seen(other_entry.written()) == {"checkpoint": "fails", "witnesses": "unknown"}
    assert seen(forged.written()) == {"checkpoint": "fails", "witnesses": "unknown"}


def test_a_checkpoint_by_an_earlier_key_of_the_registry_holds_where_that_is_trusted(
    key: SigningKey, tmp_path: Path
) -> None:
    """After a rotation the inspector's checkpoint is by the old key, and ``did.json`` names both."""
    old = SigningKey.create(tmp_path / "old.pem")
    kept = Checkpoint("registry.example/ledger", 9, Tree(LEAVES).root()).signed(old).written()
    trusted = [(), (key.public,), (old.public, key.public)]
    checks = [results(verify(credential(key), AtHand(NOW, keys, checkpoint=kept)))["checkpoint"] for keys in trusted]
    assert checks == ["fails", "fails", "holds"]


def test_a_withdrawn_credential_says_since_when(key: SigningKey) -> None:
    """By its own decision where that is the recall; else between what it says and what the list says."""
    lists = (status(key, "revocation", {3}),)
    recall = SignedDecision("recall", "q.u", "Q. U.", "2026-11-30T10:30:00Z", "I recall.", RECORD, 7)
    given = (credential(key), credential(key, state="recalled", may_be_injected=False, decision=recall))
    why = [next(check.why for check in verify(text, AtHand(NOW, lists=lists)).checks if check.what.startswith("status"))
           for text in given]  # fmt: skip
    assert why == [
        "The lot was recalled or rejected, after 2026-11-30 11:00 +00:00 and by 2026-11-30 11:59 +00:00 at the latest.",
        "The lot was recalled or rejected, since 2026-11-30 10:30 +00:00; the list of 2026-11-30 11:59 +00:00 says so "
        "too.",
    ]


def test_only_the_recipients_own_code_opens_the_commitment(key: SigningKey) -> None:
    """The code stands nowhere in the credential; whoever has it sees that the lot is theirs."""
    text = credential(key, commitment=commitment.commit("R-0042", b"0123456789abcdef"))
    assert "R-0042" not in text
    given = [results(verify(text, AtHand(NOW, recipient=code)))["recipient"] for code in ("R-0042", "R-0043", None)]
    assert given == ["holds", "fails", "unknown"]


def test_status_lists_are_long_enough_to_tell_nobody(key: SigningKey) -> None:
    """At least 131,072 bits, the first one leftmost; a longer ledger doubles them."""
    bits = packed({0, 9}, 10)
    assert (len(bits) * 8, bits[:2]) == (131_072, b"\x80\x40")
    assert len(packed(set(), 131_073)) * 8 == 262_144
    named = read_list(json.loads(status(key, "suspension", {9})))
    assert [named.is_set(index) for index in (8, 9, 10)] == [False, True, False]
    with pytest.raises(Unreadable, match="ends before this lot"):
        named.is_set(131_072)


def test_the_written_forms_of_keys_are_those_of_the_specifications() -> None:
    """The W3C vectors' key, a registry's did:web with a path, and what is no key."""
    text = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
    assert multikey(public_of(text)) == text
    assert did_web("https://lots.example:8443/a/b/") == "did:web:lots.example%3A8443:a:b"
    for wrong in ("", "z", "x6Mk", "z0OIl", multibase.written(b"\x12\x00" + bytes(32)), text + "1"):
        with pytest.raises(Unreadable):
            public_of(wrong)


def test_no_context_is_fetched() -> None:
    """A context that is not given is named and refused."""
    with pytest.raises(Unreadable, match="context of this document is not known"):
        canonical_quads({"@context": ["https://elsewhere.example/context"], "name": "x"})


def test_a_graph_of_many_nameless_nodes_is_refused() -> None:
    """Canonical names of a hostile clique would cost a minute."""
    clique = [{"id": f"_:b{n}", "name": [{"id": f"_:b{m}"} for m in range(14)]} for n in range(14)]
    with pytest.raises(Unreadable, match="says too much"):
        canonical_quads({"@context": [{"id": "@id", "name": {"@id": "urn:x"}}], "@graph": clique})


def vectors(shared: Path) -> tuple[Path, dict[str, Any]]:
    folder = shared / "data" / "exchange" / "vc-eddsa-rdfc-2022"
    published = json.loads((folder / "credentials-v2-context.jsonld").read_text())["@context"]
    example = {"@vocab": "https://www.w3.org/ns/credentials/examples#"}
    return folder, {CREDENTIALS_V2: published, "https://www.w3.org/ns/credentials/examples/v2": example}


def read(folder: Path, name: str) -> str:
    return (folder / f"{name}.txt").read_text(encoding="utf-8").strip()


def test_the_vectors_of_the_w3c_are_reproduced_byte_for_byte(shared: Path) -> None:
    """Of the published example every step: both canonical texts, the three hashes, the signature in both forms."""
    folder, contexts = vectors(shared)
    whole = json.loads((folder / "signedDataInt.json").read_text())
    options = {name: value for name, value in whole["proof"].items() if name != "proofValue"}
    bare = {name: value for name, value in whole.items() if name != "proof"}
    assert bare == json.loads((folder / "unsigned.json").read_text())
    configuration = {"@context": bare["@context"], **options}
    assert configuration == json.loads((folder / "proofConfigDataInt.json").read_text())
    for part, name in ((bare, "canonDocDataInt"), (configuration, "proofCanonDataInt")):
        assert canonical_quads(part, contexts).decode() == (folder / f"{name}.txt").read_text()
    assert signed_bytes(bare, options, contexts).hex() == read(folder, "combinedHashDataInt")
    public = key_in(options["verificationMethod"])
    assert proof_holds(whole, public, contexts)
    assert not proof_holds({**whole, "name": "Another"}, public, contexts)


@pytest.mark.parametrize("example", ["", "employ"])
def test_the_hashes_and_signatures_of_both_vectors_are_made_again(shared: Path, example: str) -> None:
    """By the vectors' own key, from their canonical texts; the context of the second is not at hand."""
    folder = vectors(shared)[0]
    pair, folder = json.loads((folder / "keyPair.json").read_text()), folder / example
    texts = ("proofCanonDataInt", "canonDocDataInt")
    hashes = [hashlib.sha256((folder / f"{name}.txt").read_bytes()).digest() for name in texts]
    assert [digest.hex() for digest in hashes] == [read(folder, "proofHashDataInt"), read(folder, "docHashDataInt")]
    assert b"".join(hashes).hex() == read(folder, "combinedHashDataInt")
    private = multibase.read(pair["privateKeyMultibase"])
    assert private[:2] == b"\x80\x26"  # the multicodec of an Ed25519 private key
    own = SigningKey(Ed25519PrivateKey.from_private_bytes(private[2:]))
    assert multikey(own.public) == pair["publicKeyMultibase"]
    signature = base64.b64decode(own.sign(b"".join(hashes)))
    proof = json.loads((folder / "signedDataInt.json").read_text())["proof"]
    assert signature.hex() == read(folder, "sigHexDataInt")
    assert multibase.written(signature) == read(folder, "sigBTC58DataInt") == proof["proofValue"]


def test_the_terms_given_here_expand_as_the_published_context(shared: Path, key: SigningKey) -> None:
    """Our table of the W3C's terms says of a credential and a list what the published context says of them."""
    _folder, contexts = vectors(shared)
    lists = json.loads(status(key, "revocation", {3}))
    full = statement(key, due=("sterility",), complete_by="2026-12-14T00:00:00Z", arms=("low",), commitment="scrypt$")
    for whole in (document(full), {name: value for name, value in lists.items() if name != "proof"}):
        assert canonical_quads(whole) == canonical_quads(whole, contexts)


def test_an_independent_verifier_accepts_it_and_reads_its_lists(shared: Path, key: SigningKey) -> None:
    """``independent`` shares no code with us: it takes ours, and the W3C's own; it sees a hold; it refuses a change."""
    pytest.importorskip("pyld", reason="PyLD is the independent reader of JSON-LD")
    folder, contexts = vectors(shared)
    theirs, ours = json.loads((folder / "signedDataInt.json").read_text()), json.loads(credential(key))
    assert [independent.verifies(whole, contexts) for whole in (theirs, ours)] == [True, True]
    lists = [json.loads(status(key, "suspension", {3, 8})), json.loads(status(key, "revocation", {8}))]
    assert [independent.is_withdrawn(ours, whole, contexts) for whole in lists] == [True, False]
    subject = {**ours["credentialSubject"], "state": "rejected"}
    assert not independent.verifies({**ours, "credentialSubject": subject}, contexts)
    with pytest.raises(ValueError, match="the list does not verify"):
        independent.is_withdrawn(ours, {**lists[0], "validUntil": "2027-01-01T00:00:00Z"}, contexts)


def test_read_back_it_says_the_same(key: SigningKey) -> None:
    """Reading is the inverse of writing."""
    full = statement(key, due=("sterility",), complete_by=xsd_moment(NOW), arms=("low", "middle"))
    text = written(signed(document(full), ISSUER, key, NOW))
    assert read_credential(text)[0] == full

"""The tree over the entries is RFC 6962's, and no proof holds for anything but what it was made for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.proof.merkle import EMPTY, Tree, consistent, includes, leaf_hash

INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
"""The eight leaves of the reference tests of certificate transparency."""
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}
"""RFC 6962 section 2.1 over them."""

EIGHT = Tree(leaf_hash(bytes.fromhex(text)) for text in INPUTS)


def numbered(size: int) -> list[bytes]:
    return [leaf_hash(str(place).encode()) for place in range(size)]


@pytest.mark.parametrize(("size", "root"), ROOTS.items())
def test_the_roots_are_those_of_the_reference(size: int, root: str) -> None:
    """The first leaves of the reference tests have exactly these roots."""
    assert EIGHT.root(size).hex() == root


def test_every_vector_of_the_shared_file_is_met(shared: Path) -> None:
    """Roots at every size, inclusion and consistency paths, as they were computed from the definition."""
    vectors = json.loads((shared / "data" / "exchange" / "c2sp" / "merkle.json").read_text())
    tree = Tree(leaf_hash(bytes.fromhex(text)) for text in vectors["leaves_hex"])
    assert [tree.root(size).hex() for size in range(9)] == vectors["roots_by_size"]
    for size in (7, 8):
        paths = [[digest.hex() for digest in tree.inclusion(place, size)] for place in range(size)]
        assert paths == vectors[f"inclusion_size_{size}"]
    for name, path in vectors.items():
        if name.startswith("consistency_"):
            assert path, name


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    """RFC 6962, section 2.1: the hash of an empty list is the hash of an empty text."""
    assert Tree().root() == EMPTY


@given(st.integers(1, 70), st.data())
def test_an_inclusion_proof_holds_for_its_leaf_place_size_and_root_alone(size: int, data: st.DataObject) -> None:
    """Every other leaf, place, size, root and every changed or dropped hash is refused."""
    leaves = numbered(size)
    tree = Tree(leaves)
    place = data.draw(st.integers(0, size - 1))
    path, root = tree.inclusion(place, size), tree.root()
    assert includes(leaves[place], place, size, path, root)
    assert not includes(leaf_hash(b"another"), place, size, path, root)
    assert not includes(leaves[place], place, size, path, leaf_hash(b"another"))
    assert not includes(leaves[place], place, size, [*path, root], root)
    assert not any(includes(leaves[place], other, size, path, root) for other in range(size) if other != place)
    for at in range(len(path)):
        assert not includes(leaves[place], place, size, [*path[:at], bytes(32), *path[at + 1 :]], root)
        assert not includes(leaves[place], place, size, [*path[:at], *path[at + 1 :]], root)


@given(st.integers(1, 70), st.data())
def test_a_consistency_proof_holds_for_its_two_trees_alone(new: int, data: st.DataObject) -> None:
    """A tree that was rewritten before the old size, or shortened, has no proof."""
    old = data.draw(st.integers(1, new))
    leaves = numbered(new)
    tree = Tree(leaves)
    path = tree.consistency(old, new)
    assert consistent(old, tree.root(old), new, tree.root(), path)
    changed = data.draw(st.integers(0, old - 1))
    rewritten = Tree([*leaves[:changed], leaf_hash(b"rewritten"), *leaves[changed + 1 :]])
    assert not consistent(old, tree.root(old), new, rewritten.root(), rewritten.consistency(old, new))
    assert not consistent(old, tree.root(old), new, rewritten.root(), path)
    if old < new:
        assert not consistent(new, tree.root(), old, tree.root(old), path)
        for at in range(len(path)):
            assert not consistent(old, tree.root(old), new, tree.root(), [*path[:at], bytes(32), *path[at + 1 :]])


@pytest.mark.parametrize(("place", "size"), [(0, 0), (3, 3), (-1, 3)])
def test_there_is_no_proof_of_a_leaf_that_is_not_there(place: int, size: int) -> None:
    """A place outside the tree is an error of the caller, not an empty proof."""
    with pytest.raises(ValueError, match="There is no leaf"):
        EIGHT.inclusion(place, size)


def test_nothing_is_consistent_with_an_empty_tree_by_proof() -> None:
    """Whoever saw nothing has nothing to hold a tree against."""
    with pytest.raises(ValueError, match="cannot be held against"):
        EIGHT.consistency(0, 8)

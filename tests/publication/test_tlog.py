"""The tree: its layout is the specification's, its proofs hold for every size, and a flipped bit is found."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tepat.publication.tlog import (
    EMPTY_ROOT,
    Edge,
    Head,
    Tile,
    Tree,
    bundle,
    consistent,
    edge_of,
    included,
    leaf_hash,
    node_hash,
    root_of,
    tiles_of,
    unbundle,
)


def leaves(size: int) -> list[bytes]:
    return [leaf_hash(b"%d" % number) for number in range(size)]


def slow_root(hashes: list[bytes]) -> bytes:
    """The definition of RFC 6962, word by word."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    middle = 1
    while middle * 2 < len(hashes):
        middle *= 2
    return node_hash(slow_root(hashes[:middle]), slow_root(hashes[middle:]))


def grown(size: int) -> Tree:
    """A tree as the sequencer grows it: full tiles kept, the rest read from the edge."""
    edge, full = Edge(), {}
    for leaf in leaves(size):
        full |= {tile: b"".join(hashes) for tile, hashes in edge.append(leaf)}
    return Tree(size, lambda tile: full[tile] if tile.full else b"".join(edge.levels[tile.level]))


# 1,300 leaves cross the tile's width five times; 66,000 reach the third level.
BIG = grown(66_000)
SIZES = st.integers(1, 1300) | st.sampled_from([255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, 66_000])


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(0, 1_234_067), "tile/0/x001/x234/067"),
        (Tile(1, 5, 17), "tile/1/005.p/17"),
        (Tile(2, 1000, 1), "tile/2/x001/000.p/1"),
    ],
)
def test_a_tile_lies_where_the_specification_says(tile, path):
    assert tile.path == path


def test_a_tree_of_70_000_has_the_tiles_of_the_specifications_example():
    tiles = list(tiles_of(70_000))
    assert sum(tile.level == 0 and tile.full for tile in tiles) == 273
    assert [tile for tile in tiles if not tile.full] == [Tile(0, 273, 112), Tile(1, 1, 17), Tile(2, 0, 1)]
    assert list(tiles_of(256)) == [Tile(0, 0), Tile(1, 0, 1)]
    assert list(tiles_of(0)) == []


def test_the_root_of_nothing_and_of_known_leaves():
    assert root_of([]) == Edge().root() == Tree(0, lambda _: b"").root() == EMPTY_ROOT
    # RFC 6962's own test data, as Certificate Transparency's first implementation published it.
    known = [b"", b"\x00", b"\x10", b" !", b"01", b"@ABC", b"PQRSTUVW", b"`abcdefghijklmno"]
    wanted = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    assert root_of([leaf_hash(entry) for entry in known]).hex() == wanted


@given(size=st.integers(0, 1300))
def test_the_edge_the_tiles_and_the_definition_agree_on_the_root(size):
    hashes = leaves(size)
    assert edge_of(hashes).root() == root_of(hashes) == slow_root(hashes)
    assert BIG.root(size) == root_of(hashes)


@given(size=st.integers(0, 1300))
def test_an_edge_survives_being_stored(size):
    edge = edge_of(leaves(size))
    assert Edge.from_bytes(size, edge.to_bytes()) == edge
    with pytest.raises(ValueError, match="tepi"):
        Edge.from_bytes(size + 1, edge.to_bytes())


@given(data=st.data(), size=SIZES)
def test_every_leaf_is_proved_and_no_flipped_bit_passes(data, size):
    index = data.draw(st.integers(0, size - 1))
    root, leaf, proof = BIG.root(size), BIG.leaf(index), BIG.inclusion(index, size)
    assert included(proof, leaf=leaf, index=index, size=size, root=root)
    parts = [leaf, root, *proof]
    at, bit = data.draw(st.integers(0, len(parts) - 1)), data.draw(st.integers(0, 255))
    parts[at] = flipped(parts[at], bit)
    assert not included(parts[2:], leaf=parts[0], index=index, size=size, root=parts[1])


@given(data=st.data(), size=SIZES)
def test_a_proof_is_for_its_own_place_only(data, size):
    index, other = data.draw(st.integers(0, size - 1)), data.draw(st.integers(-1, size))
    proof = BIG.inclusion(index, size)
    facts = {"leaf": BIG.leaf(index), "size": size, "root": BIG.root(size)}
    assert included(proof, index=other, **facts) == (other == index)
    assert not included([*proof, bytes(32)], index=index, **facts)
    assert not proof or not included(proof[:-1], index=index, **facts)


@given(data=st.data(), size=SIZES)
def test_every_earlier_state_is_proved_a_beginning_and_no_flipped_bit_passes(data, size):
    old = data.draw(st.integers(1, size))
    before, after, proof = Head(old, BIG.root(old)), Head(size, BIG.root(size)), BIG.consistency(old, size)
    assert consistent(proof, old=before, new=after)
    parts = [before.root, after.root, *proof]
    at, bit = data.draw(st.integers(0, len(parts) - 1)), data.draw(st.integers(0, 255))
    parts[at] = flipped(parts[at], bit)
    assert not consistent(parts[2:], old=Head(old, parts[0]), new=Head(size, parts[1]))
    assert not consistent([*proof, bytes(32)], old=before, new=after)
    assert not proof or not consistent(proof[:-1], old=before, new=after)


def test_anything_extends_nothing_and_nothing_shrinks():
    three, two = Head(3, BIG.root(3)), Head(2, BIG.root(2))
    assert consistent([], old=Head(0, EMPTY_ROOT), new=three)
    assert not consistent([], old=Head(0, bytes(32)), new=three)
    assert not consistent(BIG.consistency(2, 3), old=three, new=two)


def flipped(raw: bytes, bit: int) -> bytes:
    return bytes(byte ^ (1 << bit % 8) * (at == bit // 8) for at, byte in enumerate(raw))


@given(entries=st.lists(st.binary(max_size=70), max_size=300))
def test_a_bundle_gives_back_its_entries(entries):
    raw = bundle(entries)
    assert unbundle(raw) == entries
    if raw and entries[-1]:
        with pytest.raises(ValueError, match="tengah"):
            unbundle(raw[:-1])

"""The log's tree: RFC 6962 hashes in the C2SP tiles layout. Pure: hashes in, hashes out.

A tile holds up to 256 hashes of one level; the hash of a full tile stands in a tile one level up. The tiles
that are not full yet, one a level, are the tree's right edge: all that is needed to go on appending.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

HASH_BYTES = 32
TILE_WIDTH = 256
TILE_HEIGHT = 8
ENTRY_BYTES_MAX = 65_535
EMPTY_ROOT = hashlib.sha256(b"").digest()

type ReadTile = Callable[[Tile], bytes]


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash under which an entry stands in the tree."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of two neighbours."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(hashes: Sequence[bytes]) -> bytes:
    """Return the root over hashes of one level.

    Neighbours are joined and an odd one out moves up as it is, which is the tree of RFC 6962, section 2.1.
    """
    level = list(hashes)
    if not level:
        return EMPTY_ROOT
    while len(level) > 1:
        odd = [level[-1]] if len(level) % 2 else []
        level = [node_hash(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)] + odd
    return level[0]


def split(raw: bytes) -> list[bytes]:
    """Return the hashes of a tile.

    Raises:
        ValueError: Its length is no multiple of a hash's.
    """
    if len(raw) % HASH_BYTES:
        raise ValueError(f"{len(raw)} byte bukan sidik yang utuh")
    return [raw[at : at + HASH_BYTES] for at in range(0, len(raw), HASH_BYTES)]


def _number_path(number: int) -> str:
    groups = []
    while True:
        groups.append(f"{number % 1000:03d}")
        number //= 1000
        if not number:
            break
    last, *before = groups
    return "/".join([*(f"x{group}" for group in reversed(before)), last])


@dataclass(frozen=True, order=True)
class Tile:
    """One tile of hashes.

    Args:
        level: 0 holds leaves, 1 the hashes of full tiles of level 0, and so on.
        index: Its number within the level.
        width: Hashes in it.
    """

    level: int
    index: int
    width: int = TILE_WIDTH

    @property
    def full(self) -> bool:
        """Whether nothing more comes into it."""
        return self.width == TILE_WIDTH

    @property
    def path(self) -> str:
        """Where it lies in a published folder.

        Source: C2SP tlog-tiles, section Merkle Tree
        """
        return f"tile/{self.level}/{_number_path(self.index)}{self._partial}"

    @property
    def entries_path(self) -> str:
        """Where the entries below a tile of level 0 lie.

        Source: C2SP tlog-tiles, section Log entries
        """
        assert self.level == 0, self
        return f"tile/entries/{_number_path(self.index)}{self._partial}"

    @property
    def _partial(self) -> str:
        return "" if self.full else f".p/{self.width}"


def tiles_of(size: int) -> Iterator[Tile]:
    """Yield every tile of a tree, level by level.

    Args:
        size: Leaves of the tree.
    """
    level, hashes = 0, size
    while hashes:
        full, rest = divmod(hashes, TILE_WIDTH)
        yield from (Tile(level, index) for index in range(full))
        if rest:
            yield Tile(level, full, rest)
        level, hashes = level + 1, full


def tile_at(level: int, index: int, size: int) -> Tile:
    """Return a tile with the width it has in a tree of this size."""
    width = min(TILE_WIDTH, (size >> (TILE_HEIGHT * level)) - index * TILE_WIDTH)
    assert width > 0, (level, index, size)
    return Tile(level, index, width)


@dataclass
class Edge:
    """The right edge of a growing tree.

    Args:
        size: Leaves so far.
        levels: For each level, the hashes of the tile that is not full yet.
    """

    size: int = 0
    levels: list[list[bytes]] = field(default_factory=list)

    def append(self, leaf: bytes) -> list[tuple[Tile, list[bytes]]]:
        """Take one more leaf; return the tiles that are full by it, from the lowest level up."""
        done: list[tuple[Tile, list[bytes]]] = []
        self.size += 1
        level, moving = 0, leaf
        while True:
            if level == len(self.levels):
                self.levels.append([])
            self.levels[level].append(moving)
            if len(self.levels[level]) < TILE_WIDTH:
                return done
            index = (self.size >> (TILE_HEIGHT * (level + 1))) - 1
            done.append((Tile(level, index), self.levels[level]))
            moving = root_of(self.levels[level])
            self.levels[level] = []
            level += 1

    def root(self) -> bytes:
        """Return the root of the whole tree."""
        above: list[bytes] = []
        for hashes in self.levels:
            if hashes or above:
                above = [root_of([*hashes, *above])]
        return above[0] if above else EMPTY_ROOT

    def to_bytes(self) -> bytes:
        """Return the edge as bytes, from which `from_bytes` makes it again."""
        return b"".join(part for hashes in self.levels for part in hashes)

    @classmethod
    def from_bytes(cls, size: int, raw: bytes) -> "Edge":
        """Return the edge of a tree of this size.

        Raises:
            ValueError: The bytes are not those of an edge of this size.
        """
        hashes, widths, rest = split(raw), [], size
        while rest:
            rest, width = divmod(rest, TILE_WIDTH)
            widths.append(width)
        if len(hashes) != sum(widths):
            raise ValueError(f"bukan tepi dari {size} daun")
        levels, at = [], 0
        for width in widths:
            levels.append(hashes[at : at + width])
            at += width
        return cls(size, levels)


def edge_of(leaves: Iterable[bytes]) -> Edge:
    """Return the edge of the tree over these leaves."""
    edge = Edge()
    for leaf in leaves:
        edge.append(leaf)
    return edge


class Tree:
    """A tree read from its tiles: roots and proofs of it and of every earlier state of it.

    Args:
        size: Leaves.
        read: Returns a tile's hashes as bytes; asked for tiles of `tiles_of` only, each once.
    """

    def __init__(self, size: int, read: ReadTile) -> None:
        self.size = size
        self._read = read
        self._known: dict[Tile, list[bytes]] = {}

    def tile(self, tile: Tile) -> list[bytes]:
        """Return the hashes of a tile.

        Raises:
            ValueError: It has another length than its width.
        """
        if tile not in self._known:
            hashes = split(self._read(tile))
            if len(hashes) != tile.width:
                raise ValueError(f"{tile.path}: {len(hashes)} sidik")
            self._known[tile] = hashes
        return self._known[tile]

    def leaf(self, index: int) -> bytes:
        """Return the hash of a leaf."""
        return self._node(0, index)

    def root(self, size: int | None = None) -> bytes:
        """Return the root of the tree, or of an earlier state of it."""
        end = self.size if size is None else size
        assert 0 <= end <= self.size, (end, self.size)
        return self._range(0, end) if end else EMPTY_ROOT

    def inclusion(self, index: int, size: int | None = None) -> list[bytes]:
        """Return the proof that a leaf is in the tree of `size` leaves, the leaf's neighbour first.

        Source: RFC 6962, section 2.1.1
        """
        end = self.size if size is None else size
        assert 0 <= index < end <= self.size, (index, end, self.size)
        low, proof = 0, []
        while end - low > 1:
            middle = low + _largest_power_below(end - low)
            if index < middle:
                proof.append(self._range(middle, end))
                end = middle
            else:
                proof.append(self._range(low, middle))
                low = middle
        return proof[::-1]

    def consistency(self, old: int, size: int | None = None) -> list[bytes]:
        """Return the proof that the tree of `old` leaves is the beginning of the tree of `size` leaves.

        Source: RFC 6962, section 2.1.2
        """
        end = self.size if size is None else size
        assert 0 <= old <= end <= self.size, (old, end, self.size)
        if old in {0, end}:
            return []
        low, proof, whole = 0, [], True
        while old != end:
            middle = low + _largest_power_below(end - low)
            if old <= middle:
                proof.append(self._range(middle, end))
                end = middle
            else:
                proof.append(self._range(low, middle))
                low, whole = middle, False
        if not whole:
            proof.append(self._range(low, end))
        return proof[::-1]

    def _range(self, low: int, end: int) -> bytes:
        """Return the root over the leaves from `low` up to `end`; `low` is where a subtree begins."""
        count = end - low
        if count & (count - 1) == 0:
            height = count.bit_length() - 1
            return self._node(height, low >> height)
        middle = low + _largest_power_below(count)
        return node_hash(self._range(low, middle), self._range(middle, end))

    def _node(self, height: int, index: int) -> bytes:
        level, rest = divmod(height, TILE_HEIGHT)
        first = index << rest
        hashes = self.tile(tile_at(level, first // TILE_WIDTH, self.size))
        start = first % TILE_WIDTH
        return root_of(hashes[start : start + (1 << rest)])


def _largest_power_below(count: int) -> int:
    """Return the largest power of two that is smaller than a count of 2 or more."""
    return 1 << ((count - 1).bit_length() - 1)


def included(proof: Sequence[bytes], *, leaf: bytes, index: int, size: int, root: bytes) -> bool:
    """Return whether a proof shows that a leaf is in a tree.

    Source: RFC 9162, section 2.1.3.2
    """
    if not 0 <= index < size:
        return False
    at, last, found = index, size - 1, leaf
    for part in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = node_hash(part, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, part)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root


@dataclass(frozen=True)
class Head:
    """A state of a tree: its leaves and its root."""

    size: int
    root: bytes


def consistent(proof: Sequence[bytes], *, old: Head, new: Head) -> bool:
    """Return whether a proof shows that an old tree is the beginning of a new one.

    Source: RFC 9162, section 2.1.4.2
    """
    if old.size == new.size:
        return not proof and old.root == new.root
    if old.size == 0:
        return not proof and old.root == EMPTY_ROOT
    if not 0 < old.size < new.size or not proof:
        return False
    parts = list(proof)
    if old.size & (old.size - 1) == 0:
        parts.insert(0, old.root)
    at, last = old.size - 1, new.size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    return _climb(parts, at, last) == (old.root, new.root)


def _climb(parts: Sequence[bytes], at: int, last: int) -> tuple[bytes, bytes] | None:
    before = after = parts[0]
    for part in parts[1:]:
        if last == 0:
            return None
        if at & 1 or at == last:
            before, after = node_hash(part, before), node_hash(part, after)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            after = node_hash(after, part)
        at, last = at >> 1, last >> 1
    return (before, after) if last == 0 else None


def bundle(entries: Iterable[bytes]) -> bytes:
    """Return entries as one bundle: each after its length in two bytes.

    Source: C2SP tlog-tiles, section Log entries
    """
    parts = []
    for entry in entries:
        assert len(entry) <= ENTRY_BYTES_MAX, len(entry)
        parts += [len(entry).to_bytes(2, "big"), entry]
    return b"".join(parts)


def unbundle(raw: bytes) -> list[bytes]:
    """Return the entries of a bundle.

    Raises:
        ValueError: It ends in the middle of an entry.
    """
    entries, at = [], 0
    while at < len(raw):
        end = at + 2 + int.from_bytes(raw[at : at + 2], "big")
        if end > len(raw):
            raise ValueError("berkas isi berhenti di tengah satu entri")
        entries.append(raw[at + 2 : end])
        at = end
    return entries

"""Whether this ledger still extends all that was signed and witnessed of it; if not, nothing is signed."""

from collections.abc import Iterator
from dataclasses import dataclass

from tepat.common.errors import Refused
from tepat.publication import keeping
from tepat.publication.models import Checkpoint, LogState, LogTile
from tepat.publication.notes import read_checkpoint
from tepat.publication.tlog import Edge, Head, Tile, Tree

OUR_LAST = "ingatan di luar basis data"
WITNESSED_LAST = "checkpoint terakhir yang disaksikan"
OUR_ROWS = "checkpoint terakhir di basis data"


@dataclass(frozen=True)
class Known:
    """A state that somebody holds a signature of.

    Args:
        head: The state.
        source: Where it is remembered, in Indonesian.
    """

    head: Head
    source: str


def edge_at(state: LogState) -> Edge:
    """Return the tree's right edge as stored."""
    return Edge.from_bytes(state.size, bytes(state.edge))


def tree_at(state: LogState) -> Tree:
    """Return the whole tree, read from the rows as it is needed."""
    edge = edge_at(state)

    def read(tile: Tile) -> bytes:
        if tile.full:
            return bytes(LogTile.objects.get(level=tile.level, index=tile.index).hashes)
        return b"".join(edge.levels[tile.level])

    return Tree(state.size, read)


def current_state() -> LogState:
    """Return where the sequencer stands; a log without entries stands at zero."""
    return LogState.objects.filter(id=1).first() or LogState()


def known_heads(origin: str) -> Iterator[Known]:
    """Yield every state that this log must extend.

    Raises:
        Refused: LOG-MEMORY-DAMAGED, LOG-MEMORY-LOST.
    """
    rows = Checkpoint.objects.filter(origin=origin) if origin else Checkpoint.objects.all()
    newest = rows.order_by("-size").first()
    if newest and keeping.remembered(keeping.SIGNED) is None:
        raise Refused("LOG-MEMORY-LOST", folder=str(keeping.folder()))
    for name, source in ((keeping.SIGNED, OUR_LAST), (keeping.WITNESSED, WITNESSED_LAST)):
        note = keeping.remembered(name)
        if note:
            yield Known(_head_of(note.text, name), source)
    if newest:
        yield Known(Head(newest.size, bytes.fromhex(newest.root)), OUR_ROWS)


def _head_of(text: str, name: str) -> Head:
    try:
        return read_checkpoint(text).head
    except ValueError as broken:
        raise Refused("LOG-MEMORY-DAMAGED", file=str(keeping.folder() / name), reason=str(broken)) from broken


def require_extended(state: LogState, tree: Tree, known: Known) -> None:
    """Refuse a log that is not a continuation of a known state.

    Raises:
        Refused: LOG-SHRUNK, LOG-FORKED.
    """
    if known.head.size > state.size:
        raise Refused("LOG-SHRUNK", known=known.head.size, size=state.size, source=known.source)
    if tree.root(known.head.size) != known.head.root:
        raise Refused("LOG-FORKED", known=known.head.size, source=known.source)


def require_whole(state: LogState) -> Tree:
    """Return the tree of a log that extends all that is known of it.

    Raises:
        Refused: LOG-SHRUNK, LOG-FORKED, LOG-MEMORY-LOST, LOG-MEMORY-DAMAGED.
    """
    tree = tree_at(state)
    for known in known_heads(keeping.origin()):
        require_extended(state, tree, known)
    return tree

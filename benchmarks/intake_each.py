"""The office's server with one commit for each batch: what `benchmarks.intake` compares group commit with."""

from tepat.wsgi import application

__all__ = ["application"]


def commit_each() -> None:
    """Let the writer take one batch at a time."""
    from tepat.field import writer

    writer.BATCHES_PER_COMMIT_MAX = 1


commit_each()

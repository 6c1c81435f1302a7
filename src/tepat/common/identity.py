"""Ids made by us: time-ordered ones for events and jobs, random ones for people."""

import uuid

import uuid_utils


def event_id() -> uuid.UUID:
    """Return a new UUIDv7; never used for order or time, only to be unique and kind to indexes."""
    return uuid.UUID(bytes=uuid_utils.uuid7().bytes)


def task_id() -> uuid.UUID:
    """Return a new id of a background task."""
    return event_id()


def person_id() -> uuid.UUID:
    """Return a new random id, which says nothing about the person."""
    return uuid.uuid4()

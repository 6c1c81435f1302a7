"""The yardsticks: the public event hash generator, and the public JSON Schema with its format checks."""

import json
import logging
import subprocess
import warnings
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator

from tepat.exchange.epcis.words import OWN_CONTEXT

ROOT = Path(__file__).parents[2]


def document(events: list[Any], **changed: Any) -> dict[str, Any]:
    """A document around events; a field that is None is left out."""
    whole = {
        "@context": OWN_CONTEXT,
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2024-02-14T00:00:00.000Z",
        "epcisBody": {"eventList": events},
    } | changed
    return {name: value for name, value in whole.items() if value is not None}


def public_hashes(events: list[dict[str, Any]], context: list[Any] = OWN_CONTEXT) -> list[str]:
    """The hashes as `epcis-event-hash-generator` 1.9.3 computes them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from epcis_event_hash_generator import hash_generator, json_to_py

        logging.disable(logging.CRITICAL)
        try:
            read = json_to_py.event_list_from_epcis_document_json(
                json.loads(json.dumps(document(events, **{"@context": context})))
            )
            return hash_generator.epcis_hashes_from_events(read)
        finally:
            logging.disable(logging.NOTSET)


@cache
def _schema() -> Draft7Validator:
    script = [str(ROOT / "scripts" / "epcis-schema-for-tests")]
    done = subprocess.run(script, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    schema = json.loads(Path(done.stdout.strip()).read_text(encoding="utf-8"))
    checker = Draft7Validator.FORMAT_CHECKER
    assert {"uri", "date-time"} <= set(checker.checkers), "the format checks are not installed"
    return Draft7Validator(schema, format_checker=checker)


def schema_errors(whole: dict[str, Any]) -> list[str]:
    """What the public schema, with format checks, says against a document."""
    return [f"{list(error.absolute_path)}: {error.message[:200]}" for error in _schema().iter_errors(whole)]

"""Whether a document is EPCIS 2.0 that others can rely on: its frame, and each event by `rules`.

Nothing here keeps more than one event, so that a document of any length can be judged.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TextIO

from tepat.exchange.epcis import forms, streams, words
from tepat.exchange.epcis.rules import faults_of

# Prefixes that the standard's own context declares.
STANDARD_PREFIXES = frozenset({"epcis", "cbv", "cbvmda", "gs1", "rdfs", "owl", "xsd", "dcterms"})
NEEDED = ("@context", "type", "schemaVersion", "creationDate", "epcisBody")
PREFIXES_MAX = 1000


@dataclass(frozen=True)
class Finding:
    """One fault and its line.

    Args:
        line: From 1.
        event: The event's place in the list, from 1; 0 for the document itself.
        code: The message.
        facts: What its sentence needs.
    """

    line: int
    event: int
    code: str
    facts: Mapping[str, Any]


@dataclass
class Check:
    """A check under way; the counts are right when `findings` has ended.

    Args:
        events: How many events were read.
        types: How many of each type.
    """

    events: int = 0
    types: Counter[str] = field(default_factory=Counter)
    _declared: dict[str, str] = field(default_factory=dict)
    _used: dict[str, int] = field(default_factory=dict)
    _fields: dict[str, int] = field(default_factory=dict)
    _listed: bool = False

    def findings(self, stream: TextIO) -> Iterator[Finding]:
        """Find what is wrong with a document, in the order of its lines as far as can be.

        Args:
            stream: A text stream at its beginning.
        """
        try:
            for found in streams.read(stream):
                if found.kind == "event":
                    yield from self._event(found)
                elif found.kind == "field":
                    yield from self._field(found)
                else:
                    self._listed |= found.name == "eventList" and isinstance(found.value, list)
        except streams.BrokenError as broken:
            yield Finding(broken.line, 0, "EPCIS-NOT-JSON", {"reason": broken.reason})
            return
        yield from self._frame()
        yield from self._prefixes()

    def _event(self, found: streams.Found) -> Iterator[Finding]:
        self.events += 1
        if isinstance(found.value, dict):
            self.types[str(found.value.get("type"))[: forms.SHOWN_LENGTH_MAX]] += 1
            if "@context" in found.value:
                self._declare(found.value["@context"])
            self._use(found.value, found.line)
        known = self._declared if "@context" in self._fields else None
        for fault in faults_of(found.value, known):
            line = found.line + streams.line_in(found.text, fault.path)
            yield Finding(line, self.events, fault.code, fault.facts)

    def _field(self, found: streams.Found) -> Iterator[Finding]:
        self._fields[found.name] = found.line
        for code, facts in self._wrong(found.name, found.value):
            yield Finding(found.line, 0, code, facts)
        if found.name == "@context":
            self._declare(found.value)

    def _wrong(self, name: str, value: Any) -> Iterator[tuple[str, dict[str, Any]]]:
        """Find what is wrong with a field of the document."""
        if name == "type" and value != "EPCISDocument":
            yield "EPCIS-NO-DOCUMENT", {"value": forms.shown(value)}
        elif name == "schemaVersion" and value != words.SCHEMA_VERSION:
            yield "EPCIS-VERSION", {"value": forms.shown(value), "known": words.SCHEMA_VERSION}
        elif name == "creationDate" and not forms.is_moment(value):
            yield "EPCIS-TIME", {"field": name, "value": forms.shown(value)}
        elif name == "@context" and not _of_standard(value):
            yield "EPCIS-CONTEXT", {"context": words.CONTEXT}
        elif name not in words.DOCUMENT_FIELDS and not forms.is_uri(name):
            yield "EPCIS-FIELD-UNKNOWN", {"field": forms.shown(name)}
        if forms.prefix_of(name):
            self._used.setdefault(forms.prefix_of(name), self._fields[name])

    def _frame(self) -> Iterator[Finding]:
        for name in NEEDED:
            if name not in self._fields:
                yield Finding(1, 0, "EPCIS-FIELD-MISSING", {"field": name})
        if "epcisBody" in self._fields and not self._listed:
            yield Finding(self._fields["epcisBody"], 0, "EPCIS-FIELD-MISSING", {"field": "eventList"})

    def _prefixes(self) -> Iterator[Finding]:
        for prefix, line in self._used.items():
            if prefix not in self._declared and prefix not in STANDARD_PREFIXES:
                yield Finding(line, 0, "EPCIS-PREFIX", {"prefix": prefix})

    def _declare(self, context: Any) -> None:
        for one in context if isinstance(context, list) else [context]:
            if isinstance(one, dict):
                self._declared |= {name: url for name, url in one.items() if isinstance(url, str)}

    def _use(self, value: Any, line: int) -> None:
        """Note the prefixes of the names in an event, with the line of the first."""
        if isinstance(value, dict):
            for name, inner in value.items():
                prefix = forms.prefix_of(name) if ":" in name else ""
                if prefix and len(self._used) < PREFIXES_MAX and "//" not in name:
                    self._used.setdefault(prefix, line)
                self._use(inner, line)
        elif isinstance(value, list):
            for inner in value:
                self._use(inner, line)


def _of_standard(context: Any) -> bool:
    listed = context if isinstance(context, list) else [context]
    return any(isinstance(one, str) and one in words.CONTEXTS for one in listed)

"""The vocabulary of EPCIS 2.0 and CBV 2.0 as far as documents are judged or written here. Pure.

Source: GS1 EPCIS 2.0 and CBV 2.0, as their public JSON Schema names the terms.
"""

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
CONTEXTS = (
    CONTEXT,
    "https://ref.gs1.org/standards/epcis/epcis-context.jsonld",
    "https://gs1.github.io/EPCIS/epcis-context.jsonld",
)
SCHEMA_VERSION = "2.0"
PREFIX = "tepat"
# `.invalid` is reserved by RFC 2606: it names nobody's domain and never will.
NAMESPACE = "https://tepat.invalid/epcis/1/"
REVOKED = f"{NAMESPACE}identitas-dicabut"
OWN_CONTEXT = [CONTEXT, {PREFIX: NAMESPACE}]

CBV = "https://ref.gs1.org/cbv/"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


BIZ_STEPS = _words(
    """accepting arriving assembling collecting commissioning consigning creating_class_instance
    cycle_counting decommissioning departing destroying disassembling dispensing encoding entering_exiting
    holding inspecting installing killing loading other packing picking receiving removing repackaging
    repairing replacing reserving retail_selling sampling sensor_reporting shipping staging_outbound
    stock_taking stocking storing transporting unloading unpacking void_shipping"""
)
DISPOSITIONS = _words(
    """active available completeness_inferred completeness_verified conformant container_closed container_open
    damaged destroyed dispensed disposed encoded expired in_progress in_transit inactive mismatch_class
    mismatch_instance mismatch_quantity needs_replacement no_pedigree_match non_conformant non_sellable_other
    partially_dispensed recalled reserved retail_sold returned sellable_accessible sellable_not_accessible
    stolen unavailable unknown"""
)
TRANSACTIONS = _words("bol cert desadv inv pedigree po poc prodorder recadv rma testprd testres upevt")
PARTIES = frozenset({"owning_party", "possessing_party", "location"})
ERROR_REASONS = frozenset({"did_not_occur", "incorrect_data"})
ACTIONS = frozenset({"ADD", "OBSERVE", "DELETE"})
TERMS = BIZ_STEPS | DISPOSITIONS | TRANSACTIONS | PARTIES | ERROR_REASONS

_COMMON = _words(
    """@context type eventID eventTime recordTime eventTimeZoneOffset certificationInfo errorDeclaration
    bizStep disposition readPoint bizLocation bizTransactionList sourceList destinationList
    sensorElementList"""
)
FIELDS: dict[str, frozenset[str]] = {
    "ObjectEvent": _COMMON | {"action", "epcList", "quantityList", "persistentDisposition", "ilmd"},
    "AggregationEvent": _COMMON | {"action", "parentID", "childEPCs", "childQuantityList"},
    "AssociationEvent": _COMMON | {"action", "parentID", "childEPCs", "childQuantityList"},
    "TransactionEvent": _COMMON | {"action", "parentID", "epcList", "quantityList"},
    "TransformationEvent": _COMMON
    | {"inputEPCList", "inputQuantityList", "outputEPCList", "outputQuantityList", "transformationID"}
    | {"persistentDisposition", "ilmd"},
}
DOCUMENT_FIELDS = _words(
    """@context id type schemaVersion creationDate instanceIdentifier sender receiver epcisHeader
    epcisBody"""
)

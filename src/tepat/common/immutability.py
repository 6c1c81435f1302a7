"""Triggers by which the database refuses to change or delete an event, and to mix rehearsal and truth."""

from tepat.common.guards import Guard, Trigger, refuses

_EVENT, _IDENTITY = "common_event", "common_ledgeridentity"
_OWN_MODE = f"(SELECT mode FROM {_IDENTITY} WHERE id = 1)"  # noqa: S608 - fixed words only
# It asks for the device in the very words of the index of counters: otherwise each insert reads the ledger.
_SAME_EVENT = f"""EXISTS (SELECT 1 FROM {_EVENT} WHERE id = NEW.id OR leaf_hash = NEW.leaf_hash
    OR (NOT (device = '') AND device = NEW.device AND counter = NEW.counter))"""  # noqa: S608 - likewise
_LEDGER_SAYS, _OTHER_SAYS = "a ledger never becomes another one", "an event of the other ledger"

GUARD = Guard(
    sqlite=(
        Trigger("event_no_update", "UPDATE", _EVENT, "events are never changed"),
        Trigger("event_no_delete", "DELETE", _EVENT, "events are never deleted"),
        Trigger("event_no_replace", "INSERT", _EVENT, "events are never replaced", _SAME_EVENT),
        Trigger("event_own_mode", "INSERT", _EVENT, _OTHER_SAYS, f"NEW.mode IS NOT {_OWN_MODE}"),
        Trigger("identity_no_update", "UPDATE", _IDENTITY, _LEDGER_SAYS),
        Trigger("identity_no_delete", "DELETE", _IDENTITY, _LEDGER_SAYS),
    ),
    postgresql=(
        Trigger("event_no_update", "UPDATE", _EVENT, "event_refuses"),
        Trigger("event_no_delete", "DELETE", _EVENT, "event_refuses"),
        Trigger("event_no_truncate", "TRUNCATE", _EVENT, "event_refuses"),
        Trigger("event_own_mode", "INSERT", _EVENT, "event_of_this_ledger"),
        Trigger("identity_no_update", "UPDATE", _IDENTITY, "event_refuses"),
        Trigger("identity_no_delete", "DELETE", _IDENTITY, "event_refuses"),
    ),
    functions={
        "event_refuses": refuses("events are never changed or deleted"),
        "event_of_this_ledger": (
            f"IF NEW.mode IS DISTINCT FROM {_OWN_MODE} THEN {refuses(_OTHER_SAYS)} END IF; RETURN NEW;"
        ),
    },
)

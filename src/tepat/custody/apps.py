from django.apps import AppConfig


class CustodyConfig(AppConfig):
    name = "tepat.custody"
    verbose_name = "Serah terima"

    def ready(self) -> None:
        """Read every event that is written from now on, and let the worker fold it and compare PINs."""
        from tepat.common import ledger, ticks
        from tepat.custody import indexing, timeline_search  # noqa: F401 -- the search asks it

        ledger.listen(indexing.index)
        ticks.every(1, "serah terima", "tepat.custody.background.fold")
        ticks.every(2, "PIN", "tepat.custody.background.compare_pins")

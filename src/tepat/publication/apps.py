from django.apps import AppConfig


class PublicationConfig(AppConfig):
    name = "tepat.publication"
    verbose_name = "Publikasi"

    def ready(self) -> None:
        """Let the search find vehicles, and the worker number what was committed."""
        from tepat.common import ticks
        from tepat.publication import vehicle_search  # noqa: F401 -- the search asks it

        ticks.every(10, "catatan terbuka", "tepat.publication.background.tick")

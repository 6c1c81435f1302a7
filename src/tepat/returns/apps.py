from django.apps import AppConfig


class ReturnsConfig(AppConfig):
    name = "tepat.returns"
    verbose_name = "Pengembalian"

    def ready(self) -> None:
        """Let custody know the planned trips home."""
        from tepat.custody import planned
        from tepat.returns.trip_reading import return_legs

        planned.listen(return_legs)

from django.apps import AppConfig


class DistributionConfig(AppConfig):
    name = "tepat.distribution"
    verbose_name = "Distribusi"

    def ready(self) -> None:
        """Let lists be accepted here, custody know the plan, and the worker open and close endings."""
        from tepat.common import ticks
        from tepat.custody import planned
        from tepat.distribution.fleet_actions import add_registers
        from tepat.distribution.office_legs import published_legs

        add_registers()
        planned.listen(published_legs)
        ticks.every(5, "penggantian", "tepat.distribution.ending_actions.tick")

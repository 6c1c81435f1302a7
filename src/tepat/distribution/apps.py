from django.apps import AppConfig


class DistributionConfig(AppConfig):
    name = "tepat.distribution"
    verbose_name = "Distribusi"

    def ready(self) -> None:
        """Let lists of vehicles and warehouses be accepted here."""
        from tepat.distribution.fleet_actions import add_registers

        add_registers()

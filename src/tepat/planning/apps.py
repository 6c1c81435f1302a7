from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "tepat.planning"
    verbose_name = "Kebutuhan"

from django.apps import AppConfig


class PackingConfig(AppConfig):
    name = "tepat.packing"
    verbose_name = "Pengepakan"

from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "tepat.operations"
    verbose_name = "Operasi"

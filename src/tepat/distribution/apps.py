from django.apps import AppConfig


class DistributionConfig(AppConfig):
    name = "tepat.distribution"
    verbose_name = "Distribusi"

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StatisticsConfig(AppConfig):
    name = "samkraft.statistics"
    verbose_name = _("Statistics")

    def ready(self) -> None:
        # What it registers needs the models, so it is loaded when those are.
        import_module("samkraft.statistics.facts")

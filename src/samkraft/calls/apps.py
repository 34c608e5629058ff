from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

# What these register needs the models, so they are loaded when those are.
REGISTERING = ("permissions", "kinds", "held", "panels")


class CallsConfig(AppConfig):
    name = "samkraft.calls"
    verbose_name = _("Calls")

    def ready(self) -> None:
        for module in REGISTERING:
            import_module(f"samkraft.calls.{module}")

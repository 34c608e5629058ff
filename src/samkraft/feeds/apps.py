from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

# What these register needs the models, so they are loaded when those are.
REGISTERING = ("permissions", "kinds", "held", "first_steps")


class FeedsConfig(AppConfig):
    name = "samkraft.feeds"
    verbose_name = _("Feeds")

    def ready(self) -> None:
        for module in REGISTERING:
            import_module(f"samkraft.feeds.{module}")

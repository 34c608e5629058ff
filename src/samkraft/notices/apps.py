from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "samkraft.notices"
    verbose_name = _("Notices")

    def ready(self) -> None:
        # Panels need the models, so they are loaded when those are.
        import_module("samkraft.notices.panels")

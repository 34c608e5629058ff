from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlacesConfig(AppConfig):
    name = "samkraft.places"
    verbose_name = _("Places")

    def ready(self) -> None:
        # What it registers needs the models, so it is loaded when those are.
        import_module("samkraft.places.parts")

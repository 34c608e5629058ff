from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class UiConfig(AppConfig):
    name = "samkraft.ui"

    def ready(self) -> None:
        # Every app above tells in its panels.py what it shows on the pages of the apps below it.
        autodiscover_modules("panels")

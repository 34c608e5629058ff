"""Releases in the administration, to be looked at: they come by import only."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from .models import Release


@admin.register(Release)
class ReleaseAdmin(admin.ModelAdmin):
    list_display = ["slug", "kind", "country", "version", "licence", "last_year"]
    list_filter = ["kind", "country"]
    search_fields = ["slug", "title", "publisher"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

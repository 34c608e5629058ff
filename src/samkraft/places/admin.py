"""Places in the administration: stewards look after the links, and see the rest."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest

from samkraft.ui.page_cache import changed

from .models import Area, AreaLink


@admin.register(Area)
class AreaAdmin(admin.ModelAdmin):
    """Areas come from official lists; nobody adds, changes or deletes one by hand."""

    list_display = ["key", "full_name", "kind"]
    list_filter = ["country", "kind"]
    search_fields = ["name", "full_name", "key"]
    exclude = ["outline"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(AreaLink)
class AreaLinkAdmin(admin.ModelAdmin):
    """Facebook pages and home pages of areas; a change shows on the area's page at once."""

    list_display = ["area", "kind", "title", "url"]
    list_filter = ["kind"]
    list_select_related = ["area"]
    search_fields = ["area__name", "title", "url"]
    autocomplete_fields = ["area"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def save_model(self, request: HttpRequest, obj: AreaLink, form: ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        changed(obj.area.tag)

    def delete_model(self, request: HttpRequest, obj: AreaLink) -> None:
        super().delete_model(request, obj)
        changed(obj.area.tag)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        tags = [link.area.tag for link in queryset.select_related("area")]
        super().delete_queryset(request, queryset)
        changed(*tags)

"""What happened, in the administration of stewards: to look at only."""

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from .models import TransitionLog, VisitorMessage


class ReadOnlyAdmin(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


@admin.register(TransitionLog)
class TransitionLogAdmin(ReadOnlyAdmin):
    list_display = ["machine", "object_id", "from_state", "to_state", "by", "at"]
    list_filter = ["machine", "to_state"]
    list_select_related = ["by"]


@admin.register(VisitorMessage)
class VisitorMessageAdmin(ReadOnlyAdmin):
    """Handled on the stewards' own page, where the answer is mailed."""

    list_display = ["kind", "state", "received_at", "closed_at"]
    list_filter = ["kind", "state"]

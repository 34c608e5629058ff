"""The outbox in the administration of stewards: state and problems, not what was written to whom."""

from django.contrib import admin
from django.http import HttpRequest

from .models import OutboxMessage, SuppressedAddress


@admin.register(OutboxMessage)
class OutboxMessageAdmin(admin.ModelAdmin):
    list_display = ["pk", "kind", "state", "attempts", "written_at", "sent_at", "problem"]
    list_filter = ["state", "kind"]
    fields = [
        "kind",
        "to_address",
        "language",
        "state",
        "attempts",
        "problem",
        "written_at",
        "due_at",
        "sent_at",
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: OutboxMessage | None = None) -> bool:
        return False


@admin.register(SuppressedAddress)
class SuppressedAddressAdmin(admin.ModelAdmin):
    """An address is deleted here when its holder says that it works again."""

    list_display = ["address", "reason", "since"]
    search_fields = ["address"]

    def has_change_permission(self, request: HttpRequest, obj: SuppressedAddress | None = None) -> bool:
        return False

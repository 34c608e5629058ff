"""People in the administration of stewards."""

from django.contrib import admin
from django.http import HttpRequest
from simple_history.admin import SimpleHistoryAdmin

from .models import Invitation, Membership, User


@admin.register(User)
class UserAdmin(SimpleHistoryAdmin):
    """People sign up themselves and close their accounts themselves; here, who is a steward is decided."""

    list_display = ["email", "name", "is_steward", "is_active", "joined_at"]
    list_filter = ["is_steward", "is_active", "language"]
    search_fields = ["email", "name"]
    ordering = ["-pk"]
    fields = ["email", "name", "language", "is_steward", "is_active", "joined_at", "last_login"]
    readonly_fields = ["email", "joined_at", "last_login"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False


@admin.register(Membership)
class MembershipAdmin(SimpleHistoryAdmin):
    list_display = ["user", "area", "role", "sector", "since", "ended_on"]
    list_filter = ["role", "sector"]
    list_select_related = ["user", "area"]
    search_fields = ["user__email", "user__name", "area__name"]
    autocomplete_fields = ["user"]
    raw_id_fields = ["area"]


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin):
    """To look at only: an invitation is made where its mail is written."""

    list_display = ["email", "area", "role", "created_at", "expires_at", "accepted_at", "withdrawn_at"]
    list_select_related = ["area"]
    search_fields = ["email", "area__name"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:
        return False

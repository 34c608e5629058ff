"""Actors in the administration of stewards: found and looked at here, changed on their own pages."""

from django.contrib import admin

from samkraft.records.admin import ReadOnlyAdmin

from ..models import Actor, ActorOffer, ActorPerson


@admin.register(Actor)
class ActorAdmin(ReadOnlyAdmin):
    list_display = ["name", "kind", "country", "link_state", "link_checked_at", "created_at", "closed_at"]
    list_filter = ["country", "kind", "link_state"]
    search_fields = ["name", "organisation_number"]
    fields = readonly_fields = [
        "name",
        "slug",
        "kind",
        "country",
        "organisation_number",
        "homepage_url",
        "facebook_url",
        "link_state",
        "link_checked_at",
        "link_problem",
        "created_by",
        "created_at",
        "closed_at",
        "closed_why",
    ]


@admin.register(ActorPerson)
class ActorPersonAdmin(ReadOnlyAdmin):
    list_display = ["actor", "user", "role", "since", "ended_on"]
    list_filter = ["role"]
    list_select_related = ["actor", "user"]
    search_fields = ["actor__name", "user__email"]


@admin.register(ActorOffer)
class ActorOfferAdmin(ReadOnlyAdmin):
    list_display = ["email", "actor", "role", "created_at", "expires_at", "accepted_at", "withdrawn_at"]
    list_select_related = ["actor"]
    search_fields = ["email", "actor__name"]

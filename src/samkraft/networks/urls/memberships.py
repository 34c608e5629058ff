"""The addresses of memberships: joining, the parties' own page, the register, and the yearly check."""

from django.urls import URLPattern, path

from ..views import check, check_decisions, memberships, memberships_public

_OURS = "memberships/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path(_OURS, memberships.our_membership, name="our_membership"),
    path(f"{_OURS}leave/", memberships.leave, name="leave"),
    path(f"{_OURS}ask/", check_decisions.ask, name="membership_ask"),
    path(f"{_OURS}decline/", check_decisions.decline, name="membership_decline"),
    path(f"{_OURS}lapse/", check_decisions.lapse, name="membership_lapse"),
    path("memberships/evidence/<int:pk>/confirm/", check_decisions.confirm, name="evidence_confirm"),
    path("<slug:slug>/join/", memberships.join, name="join"),
    path("<slug:slug>/join/<slug:actor>/", memberships.join_as, name="join_as"),
    path("<slug:slug>/join/<slug:actor>/interest/", memberships.interest, name="join_interest"),
    path("<slug:slug>/check/", check.check, name="check"),
    path("<slug:slug>/check/remind/", check.remind, name="check_remind"),
    path("<slug:slug>/check/check.csv", check.export, {"kind": "csv"}, name="check_csv"),
    path("<slug:slug>/check/check.xlsx", check.export, {"kind": "xlsx"}, name="check_xlsx"),
    path("<slug:slug>/members/", memberships_public.members, name="members"),
    path("<slug:slug>/members/members.csv", memberships_public.export, {"kind": "csv"}, name="members_csv"),
    path("<slug:slug>/members/members.xlsx", memberships_public.export, {"kind": "xlsx"}, name="members_xlsx"),
    path("<slug:slug>/members/<slug:actor>/", memberships_public.membership, name="membership"),
]

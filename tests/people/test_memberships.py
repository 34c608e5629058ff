"""Invitations work once, for one address, until they expire; memberships begin and end with a trace."""

import re
from datetime import date, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError

from samkraft.notices.models import OutboxMessage
from samkraft.people.models import Invitation, Membership, Role, Sector
from samkraft.people.operations import memberships
from samkraft.people.operations.memberships import ForAnother, NotAllowed, NotOpen
from samkraft.people.rules import Standing, standing, token_hash
from samkraft.records.refusals import Refused
from tests import factories
from tests.factories import NOW


def invite(area, by, email="eva@example.org", **changes):
    asked = {"email": email, "role": Role.OFFICER, "sector": Sector.PLANNING, "now": NOW}
    return memberships.invite(area=area, by=by, **{**asked, **changes})


def accept(invitation, by, now=NOW):
    return memberships.accept_invitation(invitation=invitation, by=by, now=now)


def test_invitation_is_mailed_with_a_token_that_is_not_stored(cast):
    invitation = invite(cast.area, cast.owner, email="Eva@Example.org")
    mail = OutboxMessage.objects.get()
    assert (mail.to_address, invitation.email) == ("eva@example.org", "eva@example.org")
    token = re.search(r"/en/invitations/([^/]+)/$", mail.url).group(1)
    assert invitation.token_hash == token_hash(token)
    assert token not in invitation.token_hash
    assert "Mariestads kommun" in mail.subject
    assert invitation.expires_at == NOW + timedelta(days=14)


def test_coordinators_and_stewards_invite(cast):
    county = cast.area.parent
    of_county = factories.coordinator(county)
    of_neighbour = factories.coordinator(factories.area("1473", "Töreboda"))
    for by in (cast.owner, cast.steward, of_county):
        invite(cast.area, by)
    invite(county, of_county)
    for by in (cast.member, cast.outsider, of_neighbour):
        with pytest.raises(NotAllowed):
            invite(cast.area, by)
    with pytest.raises(NotAllowed):
        invite(county, cast.owner)


def test_coordinator_who_has_left_does_not_invite(cast):
    Membership.objects.filter(user=cast.owner).update(ended_on=date(2026, 2, 1))
    with pytest.raises(NotAllowed):
        invite(cast.area, cast.owner)


def test_inviting_again_withdraws_the_earlier_invitation(cast):
    first = invite(cast.area, cast.owner)
    second = invite(cast.area, cast.owner)
    first.refresh_from_db()
    assert (first.withdrawn_at, second.withdrawn_at) == (NOW, None)


def test_inviting_somebody_who_has_the_role_is_refused(cast):
    with pytest.raises(Refused) as refused:
        invite(cast.area, cast.owner, email="MEMBER@example.org")
    assert str(refused.value) == "This person already has that role in this area."


def test_accepting_makes_a_membership_and_tells_who_invited(cast):
    eva = factories.user("eva@example.org", name="Eva")
    membership = accept(invite(cast.area, cast.owner), eva)
    assert (membership.user, membership.area, membership.role) == (eva, cast.area, Role.OFFICER)
    assert (membership.sector, membership.since, membership.ended_on) == (
        Sector.PLANNING,
        date(2026, 3, 2),
        None,
    )
    assert OutboxMessage.objects.filter(to_user=cast.owner, kind="people.accepted").count() == 1


def test_accepting_needs_exactly_the_address(cast):
    invitation = invite(cast.area, cast.owner)
    for by in (cast.outsider, factories.user("eva@example.com"), factories.user("eva+1@example.org")):
        with pytest.raises(ForAnother) as refused:
            accept(invitation, by)
        assert "eva" not in str(refused.value)
    assert Membership.objects.of(cast.outsider).count() == 0


def test_accepting_minds_no_capitals(cast):
    invitation = invite(cast.area, cast.owner, email="EVA@example.org")
    assert accept(invitation, factories.user("Eva@Example.org")).role == Role.OFFICER


def test_accepting_needs_a_confirmed_address(cast):
    eva = factories.user("eva@example.org", verified=False)
    with pytest.raises(ForAnother):
        accept(invite(cast.area, cast.owner), eva)
    EmailAddress.objects.update(verified=True)
    assert accept(Invitation.objects.get(), eva).user == eva


def test_accepting_twice_is_refused(cast):
    invitation, eva = invite(cast.area, cast.owner), factories.user("eva@example.org")
    accept(invitation, eva)
    with pytest.raises(NotOpen) as refused:
        accept(Invitation.objects.get(), eva)
    assert str(refused.value) == "This invitation has already been accepted."
    assert Membership.objects.of(eva).count() == 1


def test_accepting_after_it_expired_is_refused(cast):
    invitation, eva = invite(cast.area, cast.owner), factories.user("eva@example.org")
    with pytest.raises(NotOpen) as refused:
        accept(invitation, eva, now=invitation.expires_at)
    assert str(refused.value) == "This invitation has expired. Ask the one who invited you for a new one."
    assert accept(invitation, eva, now=invitation.expires_at - timedelta(seconds=1)).user == eva


def test_accepting_after_it_was_withdrawn_is_refused(cast):
    invitation, eva = invite(cast.area, cast.owner), factories.user("eva@example.org")
    memberships.withdraw_invitation(invitation=invitation, by=cast.steward, now=NOW)
    with pytest.raises(NotOpen) as refused:
        accept(invitation, eva)
    assert str(refused.value).startswith("This invitation has been withdrawn.")


def test_accepting_in_parallel_gives_one_membership(at_once):
    area = factories.area()
    invitation = invite(area, factories.coordinator(area))
    eva = factories.user("eva@example.org")
    results = at_once(lambda _place: accept(Invitation.objects.get(pk=invitation.pk), eva), 4)
    assert sorted(type(result).__name__ for result in results) == ["Membership"] + ["NotOpen"] * 3
    assert Membership.objects.of(eva).count() == 1
    assert OutboxMessage.objects.filter(kind="people.accepted").count() == 1


def test_inviting_in_parallel_leaves_one_open_invitation(at_once):
    area = factories.area()
    by = factories.coordinator(area)
    results = at_once(lambda _place: invite(area, by), 3)
    assert {type(result) for result in results} <= {Invitation, Refused}
    assert Invitation.objects.unanswered().count() == 1


def test_accepting_a_role_that_one_has_changes_only_the_sector(cast):
    invitation = invite(cast.area, cast.owner)
    eva = factories.user("eva@example.org")
    had = factories.member(cast.area, person=eva, sector=Sector.TECHNICAL)
    assert accept(invitation, eva) == had
    had.refresh_from_db()
    assert (had.sector, had.since) == (Sector.PLANNING, date(2026, 1, 1))


def test_withdrawing_is_for_those_who_may_invite(cast):
    invitation = invite(cast.area, cast.owner)
    for by in (cast.member, cast.outsider):
        with pytest.raises(NotAllowed):
            memberships.withdraw_invitation(invitation=invitation, by=by, now=NOW)
    memberships.withdraw_invitation(invitation=invitation, by=cast.owner, now=NOW)
    with pytest.raises(NotOpen):
        memberships.withdraw_invitation(invitation=invitation, by=cast.owner, now=NOW)


def test_role_ends_by_oneself_or_by_a_coordinator(cast):
    own = Membership.objects.get(user=cast.member)
    with pytest.raises(NotAllowed):
        memberships.end_membership(membership=own, by=cast.outsider, now=NOW)
    memberships.end_membership(membership=own, by=cast.member, now=NOW)
    own.refresh_from_db()
    assert own.ended_on == date(2026, 3, 2)
    assert OutboxMessage.objects.count() == 0
    with pytest.raises(Refused) as refused:
        memberships.end_membership(membership=own, by=cast.member, now=NOW)
    assert str(refused.value) == "This role has already ended."


def test_role_that_a_coordinator_ends_is_told_of(cast):
    own = Membership.objects.get(user=cast.member)
    memberships.end_membership(membership=own, by=cast.owner, now=NOW)
    assert OutboxMessage.objects.get().to_user == cast.member


def test_role_can_begin_anew_after_it_ended(cast):
    own = Membership.objects.get(user=cast.member)
    memberships.end_membership(membership=own, by=cast.member, now=NOW)
    factories.member(cast.area, person=cast.member)
    with pytest.raises(IntegrityError):
        factories.member(cast.area, person=cast.member)


def test_role_keeps_its_history(cast):
    own = Membership.objects.get(user=cast.member)
    memberships.end_membership(membership=own, by=cast.owner, now=NOW)
    kept = list(own.history.order_by("history_id").values_list("ended_on", flat=True))
    assert kept == [None, date(2026, 3, 2)]


def test_standing_of_an_invitation():
    class At:
        accepted_at = withdrawn_at = None
        expires_at = NOW

    one = At()
    assert standing(one, NOW - timedelta(seconds=1)) == Standing.OPEN
    assert standing(one, NOW) == Standing.EXPIRED
    one.withdrawn_at = NOW
    assert standing(one, NOW) == Standing.WITHDRAWN
    one.withdrawn_at, one.accepted_at = None, NOW
    assert standing(one, NOW) == Standing.ACCEPTED

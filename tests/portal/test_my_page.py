""" "My page" gathers from every app what awaits a person, and asks the database little, whatever the person is."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from samkraft.meetings.models import Attendance, MeetingDecision, MeetingState
from samkraft.networks.models import Fulfilment, FulfilmentState, MembershipState, Network, NetworkState
from samkraft.notices.models import Notice
from samkraft.people.models import User
from samkraft.places.models import Area
from samkraft.records.models import MessageKind

from .. import factories, factories_actors, factories_campaigns, factories_meetings, factories_reading
from .. import factories_networks as made

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
MY = "/en/my/"
MOST = 25


def _asked(person: User) -> tuple[list[str], str]:
    """What the page asks, once what the process keeps is kept, and what it shows."""
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.get(MY)
    with CaptureQueriesContext(connection) as asked:
        response = client.get(MY)
    assert response.status_code == 200
    return [query["sql"] for query in asked.captured_queries], response.content.decode()


def _one_more(person: User, place: Area) -> None:
    """One of each thing that the page can show."""
    now, today = timezone.now(), timezone.localdate()
    factories.member(place, person=person)
    factories.coordinator(place.parent, person=person)
    network = made.network(made.newspaper_area(place), county=place.parent)
    made.convener(network, person=person)
    for _number in range(2):
        actor = made.actor(place)
        made.speaker(actor, person=person)
        made.admitted(network, actor, state=MembershipState.DUE, due_on=today - timedelta(days=3))
    _evidence(made.membership(network, state=MembershipState.APPLIED))
    made.network(made.newspaper_area(place), state=NetworkState.DRAFT, created_by=person, begun_at=None)
    factories_actors.actor_offer(person.email, made.actor(), created_at=now)
    factories_actors.network_offer(person.email, network, created_at=now)
    factories.invitation(person.email, of=place, created_at=now)
    _meeting(person, network)
    factories_campaigns.task(factories_campaigns.campaign(network), person)
    made.post(network, created_by=person, state="draft", published_at=None)
    reported = made.post(network, created_by=person, municipality=place)
    factories.visitor_message(kind=MessageKind.CONTENT, subject=reported)
    factories_reading.follower(person.email, of=place)
    factories_reading.follower(person.email, of=network)
    factories_reading.item(factories_reading.source(place.parent))
    Notice.objects.create(user=person, kind="people.membership", text="You are an officer.", written_at=now)


def _evidence(membership: object) -> None:
    Fulfilment.objects.create(
        membership=membership,
        version=made.condition(county=membership.network.county),
        evidence_kind="pledge",
        evidence_url="https://pledge.example/",
        state=FulfilmentState.SUBMITTED,
        submitted_at=timezone.now(),
    )


def _meeting(person: User, network: Network) -> None:
    """A meeting that awaits the person's answer, and something that they promised at it."""
    starts_at = timezone.now() + timedelta(days=4)
    meeting = factories_meetings.meeting(network, starts_at=starts_at, state=MeetingState.CALLED)
    Attendance.objects.create(meeting=meeting, user=person, invited_at=timezone.now())
    MeetingDecision.objects.create(meeting=meeting, text="Ask the school.", responsible=person, responsible_name="Eva")


def _places(number: int) -> list[Area]:
    """Municipalities of as many counties."""
    counties = Area.objects.counties().filter(country="SE").order_by("pk")[:number]
    return [Area.objects.municipalities().filter(parent=county).order_by("pk")[0] for county in counties]


@pytest.mark.parametrize("is_steward", [False, True])
def test_my_page_of_one_who_is_nothing_asks_little(is_steward: bool) -> None:
    queries, _html = _asked(factories.user(is_steward=is_steward))

    assert len(queries) <= MOST, "\n".join(queries)


@pytest.mark.parametrize("is_steward", [False, True])
def test_my_page_of_one_who_is_everything_asks_as_little_however_much_there_is(is_steward: bool) -> None:
    places = _places(3)
    person = factories.user(is_steward=is_steward)
    _one_more(person, places[0])
    once, html = _asked(person)
    for place in places[1:]:
        _one_more(person, place)
    thrice, _html = _asked(person)

    assert len(once) <= MOST, "\n".join(once)
    assert len(thrice) == len(once), "\n".join(thrice)
    assert html.count('class="todo"') == 11 + is_steward


def test_my_page_does_not_ask_the_same_twice() -> None:
    person = factories.user()
    _one_more(person, _places(1)[0])

    queries, _html = _asked(person)

    assert sorted(query for query in set(queries) if queries.count(query) > 1) == []

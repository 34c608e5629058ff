"""What is done for the workshop's tale outside the browser, by the operations of the pages with the clock passed in.

Run with the environment of a site: `python tests/stories/workshop_of_2021.py apply`, later `judge`, `who-declines` or
`check`. Each prints what came of it as JSON.
"""

import json
import os
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import django

STOCKHOLM = ZoneInfo("Europe/Stockholm")
TITLE, SLUG = "Klimatverkstad 2021 (demo)", "klimatverkstad-2021-demo"
WORD = "verkstad"
REVIEWERS = ("demo.editor@example.org", "demo.contact@example.org", "demo.politician@example.org")
OPENS_AT = datetime(2021, 5, 18, 9, tzinfo=STOCKHOLM)
CLOSES_AT = datetime(2021, 6, 21, 23, 59, tzinfo=STOCKHOLM)
TOO_LATE = datetime(2021, 6, 22, 0, 0, 1, tzinfo=STOCKHOLM)
LATE, UNFINISHED = "verkstad.sent@example.org", "verkstad.utkast@example.org"
BEGUN = "Jag samordnar kommunens bilar, och vill att de blir färre."
# How many the third reviewer reads in the browser, and how many give their places back there.
BY_HAND, DECLINING = 3, 4


def apply() -> dict[str, Any]:
    """The call is opened, ninety-eight hand in, one has begun and does not, the call closes, and one is too late.

    In one transaction: the site's worker, whose clock is today's, would otherwise close the call in between.
    """
    # Django has to be set up before its models can be imported.
    from django.db import transaction

    from samkraft.calls.operations import publishing
    from samkraft.calls.operations.applications_sending import submit
    from samkraft.config.demo.calls import acts

    with transaction.atomic():
        call = _opened()
        people = acts.the_applicants()
        begun = _begun(call)
        acts.apply(call=call, people=people, word=WORD, since=OPENS_AT, until=CLOSES_AT)
        late = _told_that_it_is_over(lambda: _hand_in_late(call, people[-1]))
        unfinished = _told_that_it_is_over(lambda: submit(application=begun, now=TOO_LATE))
        publishing.close_due(now=TOO_LATE)
    begun.refresh_from_db()
    return {
        "sent": call.applications.submitted().count(),
        "state": _call().state,
        "told": [late, unfinished],
        "kept": list(begun.working["answers"].values()),
    }


def _hand_in_late(call: Any, person: Any) -> None:
    from samkraft.calls.operations.applications_sending import hand_in
    from samkraft.config.demo.calls import acts
    from samkraft.places.models import Area

    hand_in(
        call=call,
        email=LATE,
        name="Demo Person Sen",
        place=Area.objects.get(key=person.place),
        role=person.role,
        sector=person.sector,
        answers=acts.answers_of(call, person),
        now=TOO_LATE,
    )


def _told_that_it_is_over(act: Callable[[], object]) -> str:
    from samkraft.records.refusals import Refused

    try:
        act()
    except Refused as refused:
        return str(refused)
    return ""


def _opened() -> Any:
    from samkraft.config.demo.calls import words
    from samkraft.config.demo.calls.opening import open_call
    from samkraft.people.models import User
    from samkraft.places.models import Area

    wording = words.workshop(TITLE)
    return open_call(
        wording=replace(wording, fields={**wording.fields, "reviews_wanted": 2}),
        area=Area.objects.get(key="SE"),
        by=User.objects.get(email="demo.steward@example.org"),
        organisers=[User.objects.get(email="demo.coordinator@example.org")],
        reviewers=[User.objects.get(email=email) for email in REVIEWERS],
        opens_at=OPENS_AT,
        closes_at=CLOSES_AT,
        now=OPENS_AT - timedelta(days=1),
    )


def _begun(call: Any) -> Any:
    """Somebody begins the day before the deadline, and does not come to an end."""
    from samkraft.calls.models import QuestionKind
    from samkraft.calls.operations import applications, applications_sending
    from samkraft.calls.rules.answers import Typed

    at = CLOSES_AT - timedelta(days=1)
    begun = applications.begin(call=call, email=UNFINISHED, language="sv", now=at)
    motivation = call.questions.get(kind=QuestionKind.LONG_TEXT)
    typed = Typed(name="Demo Person Utkast", answers={motivation.pk: BEGUN})
    return applications_sending.save(application=begun, typed=typed, now=at)


def _call() -> Any:
    from samkraft.calls.models import Call

    return Call.objects.get(slug=SLUG)


def judge() -> dict[str, Any]:
    """Two reviewers judge all that they were given, the third all but a few."""
    from django.db import transaction
    from django.utils import timezone

    from samkraft.calls.models import Review
    from samkraft.config.demo.calls import acts
    from samkraft.people.models import User

    with transaction.atomic():
        for place, email in enumerate(REVIEWERS):
            reviewer = User.objects.get(email=email)
            but = BY_HAND if place == len(REVIEWERS) - 1 else 0
            acts.judge(call=_call(), reviewer=reviewer, place=place, but=but, now=timezone.now())
    states = Review.objects.filter(application__call__slug=SLUG).values_list("state", flat=True)
    return dict(Counter(states))


def who_declines() -> dict[str, Any]:
    """Who can give their place back, one after the other, so that each is taken at once. Nothing is kept of it."""
    from django.db import transaction
    from django.utils import timezone

    from samkraft.config.demo.calls import acts

    with transaction.atomic():
        declined = acts.decline(call=_call(), how_many=DECLINING, now=timezone.now())
        transaction.set_rollback(True)
    return {"emails": [decision.application.email for decision in declined]}


def check() -> dict[str, Any]:
    """Which limits those who hold places break, told from what they handed in and from figures, not by the site."""
    from samkraft.calls.models import Decision
    from samkraft.calls.queries.merit import points_of
    from samkraft.config.demo.calls import acts, workshop_tale
    from samkraft.places import facts

    call = _call()
    holding = list(Decision.objects.filter(call=call).holding_places().select_related("application__place"))
    places = [decision.application.place_id for decision in holding]
    people = {person.name: person for person in acts.the_applicants()}
    counts: dict[str, Counter[str]] = {
        "sector": Counter(people[decision.application.name].sector for decision in holding),
        "experience": Counter(people[decision.application.name].experience for decision in holding),
        "part": Counter(facts.values("part", places)[place] for place in places),
        "size": Counter(_size(facts.values("population", places)[place]) for place in places),
    }
    broken = [
        f"{feature} {value}: {counts[feature][value]}"
        for feature, value, least, most in workshop_tale.LIMITS
        if not least <= counts[feature][value] <= (call.seats if most is None else most)
    ]
    from_one = max(Counter(places).values())
    points = points_of(call)
    below = sum(points[decision.application_id] < Decimal(workshop_tale.THRESHOLD) for decision in holding)
    return {
        "holding": len(holding),
        "broken": broken,
        "from_one": from_one,
        "below": below,
        "taking_part": sum(given >= Decimal(workshop_tale.THRESHOLD) for given in points.values()),
        "letters": _letters(),
    }


def _size(inhabitants: int) -> str:
    return "1" if inhabitants <= 15_000 else "2" if inhabitants <= 50_000 else "3"


def _letters() -> int:
    """Letters in the outbox that tell applicants of this call what was decided."""
    from samkraft.notices.models import OutboxMessage

    rows = OutboxMessage.objects.filter(kind="calls.decision", to_address__startswith=f"{WORD}.")
    return rows.count()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samkraft.config.settings")
    django.setup()
    acts_of: dict[str, Callable[[], dict[str, Any]]] = {
        "apply": apply,
        "judge": judge,
        "who-declines": who_declines,
        "check": check,
    }
    print(json.dumps(acts_of[sys.argv[1]]()))

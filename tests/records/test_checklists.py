"""Checklists: what the data tells, what a person ticks, and nothing of another subject or list."""

from datetime import timedelta

import pytest

from samkraft.records.checklists import Checklist, Point, PointState, states, tick, untick
from samkraft.records.models import ChecklistTick
from samkraft.records.refusals import Refused

from .. import factories
from ..factories import NOW

pytestmark = pytest.mark.django_db

NAMED = Point("named", "A name", "What you are called.", done=lambda area: bool(area.name), url=lambda area: area.slug)
ASKED = Point("asked", "The municipality is asked", "Somebody has called.")
LIST = Checklist("tests", [NAMED, ASKED])


@pytest.fixture
def area():
    return factories.area()


def test_a_point_is_told_by_the_data_or_by_a_person(area):
    eva = factories.user()
    before = states(LIST, area)
    tick(checklist=LIST, subject=area, point="asked", by=eva, now=NOW)
    assert before == [PointState(NAMED, True, None, None, "mariestad"), PointState(ASKED, False, None, None, "")]
    assert states(LIST, area)[1] == PointState(ASKED, True, eva, NOW, "")


def test_who_ticked_first_stays_and_a_tick_can_be_taken_away(area):
    eva, bo = factories.user(), factories.user()
    tick(checklist=LIST, subject=area, point=ASKED, by=eva, now=NOW)
    tick(checklist=LIST, subject=area, point="asked", by=bo, now=NOW + timedelta(days=1))
    assert states(LIST, area)[1] == PointState(ASKED, True, eva, NOW, "")
    untick(checklist=LIST, subject=area, point="asked", by=bo, now=NOW)
    untick(checklist=LIST, subject=area, point=ASKED, by=bo, now=NOW)
    assert states(LIST, area)[1].is_done is False


def test_tick_counts_for_its_own_list_and_subject_only(area):
    tick(checklist=LIST, subject=area, point="asked", by=factories.user(), now=NOW)
    other = Checklist("others", [ASKED])
    assert [states(LIST, area.parent)[1].is_done, states(other, area)[0].is_done] == [False, False]


def test_point_that_the_data_tells_or_that_is_not_there_is_not_ticked(area):
    eva = factories.user()
    for act in (tick, untick):
        with pytest.raises(Refused):
            act(checklist=LIST, subject=area, point="named", by=eva, now=NOW)
        with pytest.raises(LookupError):
            act(checklist=LIST, subject=area, point="other", by=eva, now=NOW)
    assert ChecklistTick.objects.count() == 0


def test_states_take_one_query_however_many_points(area, django_assert_num_queries):
    points = [Point(f"point{number}", "", "") for number in range(20)]
    long = Checklist("long", points)
    for point in points[:3]:
        tick(checklist=long, subject=area, point=point, by=factories.user(), now=NOW)
    with django_assert_num_queries(1):
        assert [state.by is not None for state in states(long, area)] == [True] * 3 + [False] * 17


def test_two_who_tick_at_once_leave_one_tick(at_once):
    eva, subject = factories.user(), factories.country("XX", "Xland")
    at_once(lambda number: tick(checklist=LIST, subject=subject, point="asked", by=eva, now=NOW), 4)
    assert ChecklistTick.objects.count() == 1

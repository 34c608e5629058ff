"""Sharing out applications among reviewers: evenly, without conflicts, and what is shared out stays."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from samkraft.calls.rules.assigning import share_out

APPLICATIONS = st.lists(st.integers(1, 25), unique=True, max_size=18)
REVIEWERS = st.lists(st.integers(101, 107), unique=True, max_size=6)
PAIRS = st.sets(st.tuples(st.integers(1, 25), st.integers(101, 107)), max_size=30)


@given(APPLICATIONS, REVIEWERS, st.integers(1, 3))
def test_share_out_differs_by_at_most_one_where_nothing_hinders(applications, reviewers, wanted) -> None:
    loads = Counter(dict.fromkeys(reviewers, 0))
    loads.update(reviewer for _application, reviewer in share_out(applications, reviewers, wanted))

    assert max(loads.values(), default=0) - min(loads.values(), default=0) <= 1
    assert sum(loads.values()) == len(applications) * min(wanted, len(reviewers))


@given(APPLICATIONS, REVIEWERS, st.integers(1, 3), PAIRS, PAIRS)
def test_share_out_gives_as_many_as_wanted_and_never_a_conflict(
    applications, reviewers, wanted, conflicts, kept
) -> None:
    new = share_out(applications, reviewers, wanted, conflicts=conflicts, kept=kept)

    assert len(set(new)) == len(new)
    assert not set(new) & (conflicts | kept)
    for application in applications:
        stands = {reviewer for a, reviewer in kept if a == application}
        free = [r for r in reviewers if r not in stands and (application, r) not in conflicts]
        given_now = [reviewer for a, reviewer in new if a == application]
        assert len(given_now) == min(len(free), max(0, wanted - len(stands)))


@given(APPLICATIONS, REVIEWERS, st.integers(1, 3), PAIRS, PAIRS)
def test_share_out_leaves_no_move_that_would_make_it_more_even(
    applications, reviewers, wanted, conflicts, kept
) -> None:
    new = share_out(applications, reviewers, wanted, conflicts=conflicts, kept=kept)

    loads = Counter(reviewer for _application, reviewer in {*kept, *new})
    taken = {*kept, *new, *conflicts}
    moves = [
        (application, giver, taker)
        for application, giver in new
        for taker in reviewers
        if (application, taker) not in taken and loads[taker] <= loads[giver] - 2
    ]
    assert moves == []


def test_share_out_moves_along_a_chain_of_reviewers() -> None:
    """The one who may read everything is given the most at first; it takes two moves to even that out."""
    conflicts = {(1, 103), (2, 103), (3, 101), (3, 102), (4, 101)}
    new = share_out([3, 4, 1, 2], [101, 102, 103], 1, conflicts=conflicts)

    assert sorted(Counter(reviewer for _application, reviewer in new).values()) == [1, 1, 2]


@given(APPLICATIONS, REVIEWERS, st.integers(1, 3))
def test_share_out_is_the_same_again_and_adds_nothing_to_itself(applications, reviewers, wanted) -> None:
    first = share_out(applications, reviewers, wanted, key="spring")

    assert share_out(applications, reviewers, wanted, key="spring") == first
    assert share_out(applications, reviewers, wanted, kept=first, key="spring") == []


def test_share_out_keeps_what_stands_when_a_reviewer_comes() -> None:
    first = share_out([1, 2, 3, 4], [101, 102], 1)
    new = share_out([1, 2, 3, 4, 5, 6], [101, 102, 103], 1, kept=first)

    assert [application for application, _reviewer in new] == [5, 6]
    assert {reviewer for _application, reviewer in new} == {103}


def test_share_out_mixes_who_reads_together() -> None:
    new = share_out(list(range(1, 25)), [101, 102, 103, 104], 2, key="spring")

    together = {frozenset(r for a, r in new if a == application) for application in range(1, 25)}
    assert len(together) > 2

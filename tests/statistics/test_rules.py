"""What makes two releases the same, how parts are summed, and how releases differ."""

from samkraft.statistics.rules import Cell, Difference, difference, digest_of, plain_name, summed, years_of

LAXA, OREBRO = Cell("SE-1860", 2022, "", ""), Cell("SE-1880", 2022, "", "")
COUNTY, COUNTRY = Cell("SE-18", 2022, "", ""), Cell("SE", 2022, "", "")
PARENTS = {"SE-1860": "SE-18", "SE-1880": "SE-18"}


def test_digest_does_not_depend_on_the_order_of_figures():
    assert digest_of({LAXA: 1.0, OREBRO: 2.0}) == digest_of({OREBRO: 2.0, LAXA: 1.0})


def test_digest_does_not_see_less_than_a_kilogram():
    assert digest_of({LAXA: 76868.5740915958}) == digest_of({LAXA: 76868.5741})
    assert digest_of({LAXA: 1.0}) != digest_of({LAXA: 1.001})


def test_digest_is_not_tipped_by_noise_around_a_half():
    assert digest_of({LAXA: 0.1 + 0.2 + 0.0005}) == digest_of({LAXA: 0.3005})
    assert digest_of({LAXA: 0.00049999997}) == digest_of({LAXA: 0.0005})


def test_digest_of_a_negative_zero_is_that_of_zero():
    assert digest_of({LAXA: -0.0}) == digest_of({LAXA: 0.0}) == digest_of({LAXA: -0.0001})


def test_digest_tells_missing_from_zero_and_negative_from_positive():
    assert len({digest_of(figures) for figures in ({}, {LAXA: 0.0}, {LAXA: 1.0}, {LAXA: -1.0})}) == 4


def test_digest_tells_countries_with_the_same_code_apart():
    assert digest_of({LAXA: 1.0}) != digest_of({LAXA._replace(area="NO-1860"): 1.0})


def test_sum_is_there_when_every_part_is():
    assert summed({LAXA: 1.5, OREBRO: -2.0}, PARENTS) == {COUNTY: -0.5}


def test_sum_is_missing_when_a_part_is():
    assert summed({LAXA: 1.5}, PARENTS) == {}
    assert summed({LAXA: 1.5, OREBRO._replace(year=2021): 2.0}, PARENTS) == {}


def test_sum_counts_a_zero_as_a_figure():
    assert summed({LAXA: 1.5, OREBRO: 0.0}, PARENTS) == {COUNTY: 1.5}


def test_sum_does_not_replace_what_the_publisher_says():
    assert summed({LAXA: 1.5, OREBRO: 2.0, COUNTY: 4.0}, PARENTS) == {}


def test_sum_leaves_out_areas_that_are_part_of_nothing():
    assert summed({LAXA: 1.0, OREBRO: 2.0, COUNTRY: 9.0}, PARENTS) == {COUNTY: 3.0}


def test_difference_is_new_changed_and_gone():
    gone, sector = LAXA._replace(year=2015), LAXA._replace(sector="transport")
    before, after = {LAXA: 1.0, gone: 2.0, OREBRO: 3.0}, {LAXA: 1.0004, sector: 5.0, OREBRO: 3.001}
    assert difference(before, after) == Difference(new=[sector], changed=[OREBRO], gone=[gone])


def test_years_are_the_first_and_the_last():
    assert years_of([LAXA, OREBRO._replace(year=1990), COUNTY._replace(year=2005)]) == (1990, 2022)


def test_plain_name_leaves_out_case_and_spaces_only():
    assert plain_name(" UPPLANDS  Väsby ") == plain_name("Upplands Väsby")
    assert plain_name("Håbo") != plain_name("Habo")

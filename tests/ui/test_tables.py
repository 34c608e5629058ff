"""Tables of figures."""

from samkraft.ui.tables import Cell, Column, Row, sortable_table

COLUMNS = [Column("Kommun", number=False), Column("Ton"), Column("Per invånare")]


def test_column_in_which_no_row_has_a_value_is_left_out() -> None:
    rows = [Row("Aarhus", [Cell("1", 1.0), Cell("–")]), Row("Aalborg", [Cell("–"), Cell("–")])]

    html = sortable_table(caption="Kommuner", columns=COLUMNS, rows=rows)

    assert "Per invånare" not in html
    assert html.count('data-label="Ton"') == 2


def test_missing_value_in_a_column_that_others_fill_is_a_dash_without_a_number() -> None:
    rows = [Row("A", [Cell("1", 1.0), Cell("2", 2.0)]), Row("B", [Cell("–"), Cell("3", 3.0)])]

    html = sortable_table(caption="Kommuner", columns=COLUMNS, rows=rows)

    assert '<td class="is-number" data-label="Ton" data-value="">–</td>' in html


def test_texts_are_escaped() -> None:
    html = sortable_table(caption="<b>", columns=COLUMNS, rows=[Row("<i>", [Cell("<u>", 1.0), Cell("2", 2.0)])])

    assert "<b>" not in html
    assert "<i>" not in html
    assert "<u>" not in html

"""The charts of an area: what is drawn, and the same in words."""

from collections.abc import Callable, Mapping

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from samkraft.ui import charts, numbers

from . import sectors
from .models import Method, Pathway
from .queries import AreaFigures
from .rules import BASE_YEAR

Words = Callable[[AreaFigures], str]


def unit() -> str:
    return _("tonnes")


def scale_for(highest: float) -> charts.Scale:
    """Tonnes, thousands or millions of them, whichever gives short numbers at the axis."""
    if highest >= 4_000_000:
        return charts.Scale(_("million tonnes"), 1_000_000)
    if highest >= 4_000:
        return charts.Scale(_("thousand tonnes"), 1_000)
    return charts.Scale(_("tonnes"))


def ordered_sectors(figures: AreaFigures) -> list[str]:
    """Sectors of an area, the largest in the last year first."""
    last = figures.last_year
    return sorted(figures.sectors, key=lambda code: -figures.sectors[code].get(last, 0.0))


def emissions_chart(figures: AreaFigures) -> SafeString:
    """Bars of sectors for every year with figures; years without are empty places."""
    codes = ordered_sectors(figures)
    country = figures.area.country
    years = range(min(figures.totals), figures.last_year + 1)
    bars = []
    for year in years:
        parts = tuple(
            (f"sector-{code}", figures.sectors[code][year]) for code in codes if year in figures.sectors[code]
        )
        total = figures.totals.get(year)
        if total is not None and not parts:
            parts = (("sector-other", total),)
        largest = [code for code in codes if year in figures.sectors[code]][:3]
        words = [f"{sectors.name(code, country)} {numbers.tonnes(figures.sectors[code][year])}" for code in largest]
        text = f"{numbers.tonnes(total)} {unit()}. {', '.join(words)}." if total is not None else ""
        bars.append(charts.Bar(year, parts if total is not None else (), str(year), text))
    return charts.stacked_bars(
        name="emissions",
        title=_("Emissions of %(place)s by sector") % {"place": figures.area.display_name},
        description=_(
            "Bars for the years %(first)s to %(last)s. The last shows %(tonnes)s tonnes. "
            "Years without figures are empty."
        )
        % {"first": years[0], "last": figures.last_year, "tonnes": numbers.tonnes(figures.last_tonnes)},
        bars=bars,
        scale=scale_for(max(figures.totals.values())),
    )


def pathway_chart(pathway: Pathway, history: Mapping[int, float], place: str) -> SafeString:
    """What was emitted, where the trend leads, and what the method requires."""
    years = pathway.course["years"]
    trend = dict(zip(years, pathway.course["trend"], strict=True))
    required = dict(zip(years, pathway.course["required"], strict=True))
    recent = {year: tonnes for year, tonnes in history.items() if year >= 2010}
    last = max(recent)
    if last < years[0]:
        trend = {last: recent[last], **trend}
    budget = pathway.method == Method.BUDGET_2024
    return charts.line_chart(
        name=f"pathway-{pathway.method}",
        title=_("Where %(place)s is heading") % {"place": place},
        description=_("Emissions until %(last)s, the trend after that, and the path that is needed, until %(end)s.")
        % {"last": last, "end": years[-1]},
        lines=[
            charts.Line("chart__line", _("Emissions"), recent, points=True, continuous=False),
            charts.Line("chart__line chart__line--other", _("At today's pace"), trend),
            charts.Line("chart__path", _("The budget's path") if budget else _("The carbon law's path"), required),
        ],
        scale=scale_for(max(recent.values())),
        unit=unit(),
    )


def largest_sector(figures: AreaFigures) -> str:
    """The largest sector of the last year and its share, in words."""
    codes = ordered_sectors(figures)
    if not codes or figures.last_tonnes <= 0:
        return numbers.MISSING
    share = figures.sectors[codes[0]].get(figures.last_year, 0.0) / figures.last_tonnes * 100
    return f"{sectors.name(codes[0], figures.area.country)} ({numbers.percent(share, 0)})"


def comparison_chart(one: AreaFigures, two: AreaFigures) -> SafeString:
    """Both areas' emissions as per cent of their level in the first year since 2015 that both have; empty if none."""
    shared = [
        year
        for year in sorted(one.totals)
        if year >= BASE_YEAR and one.totals[year] > 0 and two.totals.get(year, 0) > 0
    ]
    if len(shared) < 2:
        return SafeString("")
    base = shared[0]

    def index(figures: AreaFigures) -> dict[int, float]:
        return {year: figures.totals[year] / figures.totals[base] * 100 for year in shared}

    return charts.line_chart(
        name="comparison",
        title=_("%(one)s and %(two)s, %(year)s = 100") % {"one": one.area.name, "two": two.area.name, "year": base},
        description=_("Two lines from %(first)s to %(last)s.") % {"first": base, "last": shared[-1]},
        lines=[
            charts.Line("chart__line", one.area.name, index(one), points=True, continuous=False),
            charts.Line("chart__line chart__line--other", two.area.name, index(two), points=True, continuous=False),
        ],
        scale=charts.Scale("%"),
        unit="%",
    )

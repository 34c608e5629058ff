"""Official figures. Histories are recalculated with every release, so a figure belongs to its release."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from samkraft.places.models import Area


class ReleaseKind(models.TextChoices):
    EMISSIONS = "emissions", _("emissions")
    POPULATION = "population", _("population")
    CODES = "codes", _("codes and names")
    DEDUCTIONS = "deductions", _("deductions")
    CLIMATE_PLANS = "climate_plans", _("climate plans")
    SIMILAR = "similar", _("similar municipalities")
    NEIGHBOURS = "neighbours", _("neighbours")
    OUTLINES = "outlines", _("outlines")
    POSTCODES = "postcodes", _("postcodes")
    NEWSPAPERS = "newspapers", _("newspapers and their newsrooms")


class GasSet(models.TextChoices):
    CO2 = "co2", _("carbon dioxide")
    GHG = "ghg", _("all greenhouse gases")


class ReleaseQuerySet(models.QuerySet["Release"]):
    def emissions(self) -> "ReleaseQuerySet":
        return self.filter(kind=ReleaseKind.EMISSIONS)

    def of_series(self, kind: str, country: str, gas_set: str) -> "ReleaseQuerySet":
        """Releases of the same thing, the newest first: the newest is the one with the latest figures."""
        return self.filter(kind=kind, country=country, gas_set=gas_set).order_by("-last_year", "-version", "-pk")


class Release(models.Model):
    """One publication of a source, as retrieved. `licence` is empty where the publisher states none."""

    slug = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(max_length=16, choices=ReleaseKind.choices)
    country = models.CharField(max_length=2)
    gas_set = models.CharField(max_length=4, choices=GasSet.choices, blank=True)
    title = models.CharField(max_length=200)
    publisher = models.CharField(max_length=200)
    version = models.CharField(max_length=60)
    published_on = models.DateField(null=True, blank=True)
    retrieved_on = models.DateField(null=True, blank=True)
    licence = models.CharField(max_length=120, blank=True)
    source_url = models.URLField(max_length=500, blank=True)
    first_year = models.PositiveSmallIntegerField(null=True, blank=True)
    last_year = models.PositiveSmallIntegerField(null=True, blank=True)
    base_year = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("The year from which change is counted")
    )
    compared_year = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("The last year that nearly all areas have figures for")
    )
    digest = models.CharField(max_length=64, help_text=_("SHA-256 of the figures, to know a release again"))

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "country", "-last_year", "slug"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "country", "gas_set", "digest"], name="release_once"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.version})"

    @property
    def tag(self) -> str:
        return f"statistics:{self.country}"


class Emission(models.Model):
    """Tonnes of one area, year and sector. An empty sector is all sectors; an empty subsector the whole one.

    A figure that the publisher does not give has no row: missing is never zero.
    """

    release = models.ForeignKey(Release, models.CASCADE, related_name="+", db_index=False)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField()
    sector = models.CharField(max_length=24, blank=True)
    subsector = models.CharField(max_length=100, blank=True)
    tonnes = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["release", "area", "sector", "subsector", "year"], name="emission_once_in_release"
            ),
        ]
        indexes = [
            models.Index(
                fields=["release", "year"],
                name="emission_whole_by_year",
                condition=models.Q(sector="", subsector=""),
            ),
            models.Index(fields=["area"], name="emission_area"),
        ]

    def __str__(self) -> str:
        return f"{self.area_id} {self.year} {self.sector} {self.subsector}: {self.tonnes} t"


class Population(models.Model):
    """People living in an area at the end of a year."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    persons = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["release", "area", "year"], name="population_once_in_release")]

    def __str__(self) -> str:
        return f"{self.area_id} {self.year}: {self.persons}"


class Deduction(models.Model):
    """Process emissions that a method subtracts before it computes a pathway, in tonnes."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    tonnes = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["release", "area", "year"], name="deduction_once_in_release")]

    def __str__(self) -> str:
        return f"{self.area_id} {self.year}: {self.tonnes} t"


class ClimatePlan(models.Model):
    """A municipality's own climate plan, as a link."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    url = models.URLField(max_length=600)
    adopted_year = models.PositiveSmallIntegerField(null=True, blank=True)
    comment = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["release", "area", "url"], name="climate_plan_once_in_release")]

    def __str__(self) -> str:
        return self.url


class Method(models.TextChoices):
    BUDGET_2024 = "budget-2024", _("carbon budget")
    CARBON_LAW = "carbon-law", _("carbon law")


class Pathway(models.Model):
    """Where an area is heading and what a method requires, computed from one release.

    An empty date means never; an empty figure could not be computed, and `notes` says why.
    `course` holds, year by year, the trend and the required emissions in tonnes.
    """

    release = models.ForeignKey(Release, models.CASCADE, related_name="+", db_index=False)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    method = models.CharField(max_length=16, choices=Method.choices)
    start_year = models.PositiveSmallIntegerField()
    start_tonnes = models.FloatField(null=True, blank=True)
    trend_slope = models.FloatField(null=True, blank=True)
    trend_total = models.FloatField(null=True, blank=True)
    required_total = models.FloatField(null=True, blank=True)
    needed_cut_percent = models.FloatField(null=True, blank=True)
    historical_change_percent = models.FloatField(null=True, blank=True)
    net_zero_on = models.DateField(null=True, blank=True)
    budget_runs_out_on = models.DateField(null=True, blank=True)
    enough = models.BooleanField(null=True, blank=True, help_text=_("The trend stays within what is required."))
    course = models.JSONField(default=dict)
    notes = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["release", "method", "start_year", "area"], name="pathway_once"),
        ]

    def __str__(self) -> str:
        return f"{self.area_id} {self.method} {self.start_year}"


class ReferenceLoad(models.Model):
    """The tables that came with the platform and were loaded, so that they are loaded once."""

    digest = models.CharField(max_length=64, unique=True)
    loaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.loaded_at:%Y-%m-%d}"

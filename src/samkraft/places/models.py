"""Places: the tree of country, county and municipality, and the names by which people find them."""

from functools import lru_cache

from django.db import models
from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from . import rules


class AreaKind(models.TextChoices):
    COUNTRY = "country", _("country")
    COUNTY = "county", _("county")
    MUNICIPALITY = "municipality", _("municipality")


COUNTRY_NAMES = {"SE": _("Sweden"), "NO": _("Norway"), "DK": _("Denmark")}


@lru_cache
def _address_of(country: str, language: str | None, prefix: str) -> str:
    return reverse("places:country", args=[country.lower()])


def address_of(country: str) -> str:
    """A country's address in the reader's language; its counties and municipalities stand below it."""
    return _address_of(country, get_language(), get_script_prefix())


class AreaQuerySet(models.QuerySet["Area"]):
    def municipalities(self) -> "AreaQuerySet":
        return self.filter(kind=AreaKind.MUNICIPALITY)

    def counties(self) -> "AreaQuerySet":
        return self.filter(kind=AreaKind.COUNTY)

    def in_country(self, country: str) -> "AreaQuerySet":
        return self.filter(country=country.upper())

    def inside(self, area: "Area") -> "AreaQuerySet":
        """Areas one step below in the tree."""
        return self.filter(parent=area)


class Area(models.Model):
    """A country, a county or a municipality. Its key is country and official code: codes alone collide."""

    key = models.CharField(max_length=12, unique=True)
    country = models.CharField(max_length=2)
    code = models.CharField(max_length=8)
    kind = models.CharField(max_length=12, choices=AreaKind.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=80)
    full_name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=80)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    outline = models.TextField(blank=True, help_text=_("SVG path data in the country's map frame"))

    objects = AreaQuerySet.as_manager()

    class Meta:
        ordering = ["name", "key"]
        constraints = [
            models.UniqueConstraint(fields=["country", "code", "kind"], name="area_code_once_in_country"),
            models.UniqueConstraint(fields=["country", "slug"], name="area_slug_once_in_country"),
            models.CheckConstraint(
                condition=models.Q(kind="country", parent=None) | models.Q(parent__isnull=False),
                name="area_has_parent_unless_country",
            ),
        ]
        indexes = [models.Index(fields=["kind", "country", "name"], name="area_kind_country_name")]

    def __str__(self) -> str:
        return self.full_name

    def get_absolute_url(self) -> str:
        if self.kind == AreaKind.COUNTRY:
            return reverse("places:country", args=[self.country.lower()])
        return f"{address_of(self.country)}{self.slug}/"

    @property
    def display_name(self) -> str:
        """The name in a sentence: a country's in the reader's language, a county's whole, a municipality's short.

        A county needs its whole name: Örebro is a municipality too, Örebro län is not.
        """
        if self.kind == AreaKind.COUNTRY:
            return str(COUNTRY_NAMES.get(self.country, self.name))
        return self.full_name if self.kind == AreaKind.COUNTY else self.name

    @property
    def tag(self) -> str:
        """The page cache's tag of everything that is shown about this area."""
        return rules.area_tag(self.country, "" if self.kind == AreaKind.COUNTRY else self.slug)


class Neighbour(models.Model):
    """Two municipalities that share a border; stored once in each direction."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="+")
    neighbour = models.ForeignKey(Area, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["area", "neighbour"], name="neighbour_once")]

    def __str__(self) -> str:
        return f"{self.area_id} {self.neighbour_id}"


class SimilarArea(models.Model):
    """A municipality that official statistics hold to be like another, in the publisher's order."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="+")
    similar = models.ForeignKey(Area, models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["area", "similar"], name="similar_once")]

    def __str__(self) -> str:
        return f"{self.area_id} {self.similar_id}"


class LinkKind(models.TextChoices):
    FACEBOOK = "facebook", _("Facebook page")
    HOMEPAGE = "homepage", _("Home page")
    OTHER = "other", _("Other link")


class AreaLink(models.Model):
    """A page about an area elsewhere, such as the Facebook page where its transition is told today."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=LinkKind.choices)
    title = models.CharField(max_length=120)
    url = models.URLField(max_length=500)

    class Meta:
        ordering = ["kind", "title"]
        constraints = [models.UniqueConstraint(fields=["area", "url"], name="area_link_once")]

    def __str__(self) -> str:
        return self.title


class NameKind(models.TextChoices):
    NAME = "name", _("name")
    LOCALITY = "locality", _("locality")
    POSTCODE = "postcode", _("postcode")


class PlaceName(models.Model):
    """A name, a locality or a postcode by which an area is found. `folded` is how search sees it."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=NameKind.choices)
    text = models.CharField(max_length=80)
    folded = models.CharField(max_length=80, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["area", "kind", "text"], name="place_name_once")]

    def __str__(self) -> str:
        return self.text


class NewspaperAreaQuerySet(models.QuerySet["NewspaperArea"]):
    def in_country(self, country: str) -> "NewspaperAreaQuerySet":
        return self.filter(country=country.upper())

    def in_use(self) -> "NewspaperAreaQuerySet":
        """Without those whose newspaper has been closed down or was never read there."""
        return self.filter(ended_on=None)

    def covering(self, area: Area) -> "NewspaperAreaQuerySet":
        """The newspaper areas that a municipality belongs to."""
        return self.in_use().filter(municipalities=area)

    def reaching(self, county: Area) -> "NewspaperAreaQuerySet":
        """Those with a municipality in the county."""
        inside = Area.objects.municipalities().inside(county)
        return self.filter(
            pk__in=self.model.municipalities.through.objects.filter(area__in=inside).values("newspaperarea")
        )


class NewspaperArea(models.Model):
    """The circulation area of a local newspaper: municipalities of one country, also over county borders.

    A municipality can be in several. One that is not confirmed was guessed from where the paper has newsrooms;
    `changed_at` is when a person last had a hand in it, and is empty as long as nobody has.
    """

    country = models.CharField(max_length=2)
    slug = models.SlugField(_("address"), max_length=80)
    name = models.CharField(_("name"), max_length=120)
    newspaper = models.CharField(_("newspaper"), max_length=120)
    url = models.URLField(_("the newspaper's site"), max_length=500, blank=True)
    municipalities = models.ManyToManyField(Area, related_name="+", verbose_name=_("municipalities"))
    confirmed_on = models.DateField(_("confirmed"), null=True, blank=True)
    changed_at = models.DateTimeField(_("changed"), null=True, blank=True)
    ended_on = models.DateField(_("no longer used"), null=True, blank=True)

    objects = NewspaperAreaQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["country", "slug"], name="newspaper_area_slug_once_in_country"),
            models.UniqueConstraint(fields=["country", "name"], name="newspaper_area_name_once_in_country"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def tag(self) -> str:
        """The page cache's tag of what is shown about this newspaper area."""
        return rules.newspaper_area_tag(self.country, self.slug)


class MapFrame(models.Model):
    """The part of a country's projected map that its outlines are drawn in, in units of the outlines."""

    country = models.CharField(max_length=2, unique=True)
    min_x = models.IntegerField()
    min_y = models.IntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    def __str__(self) -> str:
        return self.country

    @property
    def view_box(self) -> str:
        return f"{self.min_x} {self.min_y} {self.width} {self.height}"

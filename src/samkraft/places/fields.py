"""Form fields for choosing places."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from .models import COUNTRY_NAMES, Area


class MunicipalitiesWidget(forms.SelectMultiple):
    """Checkboxes in one foldable group for each county. A script adds a box to filter them by name."""

    template_name = "places/_choose_municipalities.html"
    use_fieldset = True
    # Not a list of options: `ui/_field.html` then leaves the drawing to the widget.
    input_type = None

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        return render_to_string(self.template_name, self.get_context(name, value, attrs))

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        chosen = {str(one) for one in value or ()}
        groups = list(self._groups(chosen))
        several = len({group["county"].country for group in groups}) > 1
        return {
            "name": name,
            "id": self.build_attrs(self.attrs, attrs).get("id", name),
            "groups": groups,
            "several_countries": several,
            "chosen": [option["area"] for group in groups for option in group["options"] if option["is_chosen"]],
        }

    def _groups(self, chosen: set[str]) -> Iterator[dict[str, Any]]:
        areas: Iterable[Area] = (value.instance for value, _label in self.choices)
        for county, inside in groupby(areas, key=lambda area: area.parent):
            options = [{"area": area, "is_chosen": area.key in chosen} for area in inside]
            yield {
                "county": county,
                "country": COUNTRY_NAMES.get(county.country, county.country),
                "options": options,
                "count": sum(option["is_chosen"] for option in options),
            }


class MunicipalitiesField(forms.ModelMultipleChoiceField):
    """Any number of municipalities, of one country or (empty) of all, named by their keys, such as SE-1493.

    The cleaned value is their queryset, with their counties.
    """

    widget = MunicipalitiesWidget
    default_error_messages: ClassVar[dict[str, Any]] = {
        "required": _("Choose at least one municipality."),
        "invalid_choice": _("One of the municipalities is not in the list. Choose again."),
        "invalid_pk_value": _("One of the municipalities is not in the list. Choose again."),
    }

    def __init__(self, *, country: str = "", **kwargs: Any) -> None:
        super().__init__(municipalities_by_county(country), to_field_name="key", **kwargs)

    def limit_to(self, country: str) -> None:
        """Offer only one country's municipalities, when the form knows which."""
        self.queryset = municipalities_by_county(country)


def municipalities_by_county(country: str = "") -> QuerySet[Area]:
    """Municipalities with their county, those of one county after each other."""
    areas = Area.objects.municipalities().select_related("parent").defer("outline", "parent__outline")
    if country:
        areas = areas.in_country(country)
    return areas.order_by("-country", "parent__name", "parent_id", "name")

"""The sectors of emissions, their names, and their order where no figures decide it."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NAMES: dict[str, Promise] = {
    "transport": _("Transport"),
    "road_transport": _("Road traffic"),
    "shipping": _("Shipping"),
    "aviation": _("Aviation"),
    "international_transport": _("International transport"),
    "machinery": _("Machinery"),
    "industry": _("Industry"),
    "energy_supply": _("Electricity and district heating"),
    "heating": _("Heating of homes and premises"),
    "agriculture": _("Agriculture"),
    "waste": _("Waste and sewage"),
    "products": _("Use of products"),
}


# Publishers cut differently: Denmark's figures for energy hold heating, and Norway's fluorinated gases
# are what is left of products.
NAMES_IN_COUNTRY: dict[tuple[str, str], Promise] = {
    ("DK", "energy_supply"): _("Energy and heating"),
    ("NO", "products"): _("Products with fluorinated gases"),
    ("NO", "industry"): _("Industry, oil and gas"),
    ("NO", "energy_supply"): _("Energy supply"),
}


def name(code: str, country: str = "") -> str:
    """A sector's name in the reader's language."""
    return str(NAMES_IN_COUNTRY.get((country, code)) or NAMES[code])

"""Where goods go and how: the dated lists of countries, transport modes, border crossings, zones and regions."""

from shared.reference.lists import NAME, SLUG, Cell, ListDefinition, choice
from shared.values.codes import Code

COUNTRY = Code("country", "[A-Z]{2}", "a country code of two capital letters (ISO 3166-1)", "CN")
REGION = Code("region", "[0-9]{2}", "the first two digits of a KATO code", "75")
HOME = "KZ"
"""Kazakhstan: costs are reimbursed for promotion abroad (Law 86-VII, Art. 38(1)(1))."""

COUNTRIES = ListDefinition(
    "export-countries", Cell("country", COUNTRY.read), (NAME, Cell("union", choice("eaeu", "none")))
)
"""Destinations; `union` says which are of the Eurasian Economic Union, where subsidies of delivery are restricted."""

TRANSPORT_MODES = ListDefinition("transport-modes", Cell("mode", SLUG), (NAME,))
"""The ways of transport of a delivery."""

BORDER_CROSSINGS = ListDefinition(
    "border-crossings",
    Cell("crossing", SLUG),
    (NAME, Cell("country", COUNTRY.read, required=False), Cell("mode", SLUG)),
)
"""Where goods leave the country, with the neighbour and the way of transport."""

ZONES = ListDefinition("dispatch-zones", Cell("zone", SLUG), (NAME,))
"""Special economic zones from which goods are dispatched."""

REGIONS = ListDefinition("regions", Cell("region", REGION.read), (NAME,))
"""Regions by the first two digits of KATO."""

"""The what-if as a chart: one column a level of fulfilment, principal below, interest above."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from obligations.quotes.rules import WhatIf
from obligations.quotes.words import WORDS
from obligations.repayment.amounts import decimals
from shared.http.languages import Language

WIDTH, HEIGHT = 880, 480
LEFT, TOP, PLOT_WIDTH, PLOT_HEIGHT = 90, 96, 760, 290
STEPS = (1, 2, 4, 5, 10)
ONE, CENT, MILLION = Decimal(1), Decimal("0.01"), Decimal(1_000_000)
LEAST_IN_MILLIONS = Decimal(1_000_000)
"""Below this the axis counts tenge: in millions two decimals would tell nothing."""
GRID_LINES = 4

_environment = Environment(
    loader=PackageLoader("obligations.quotes", "templates"),
    autoescape=select_autoescape(default=True, default_for_string=True),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the chart, in pixels, with what it says."""

    x: Decimal
    width: Decimal
    principal_top: Decimal
    principal_height: Decimal
    interest_top: Decimal
    interest_height: Decimal
    percent: int
    label: str
    title: str


def chart(points: Sequence[WhatIf], *, on: date, year: int, current: Decimal, language: Language) -> str:
    """An SVG document that any browser shows, its numbers readable as text; `current` is the present fulfilment."""
    words = WORDS[language]
    top = _scale_top(max(point.total for point in points))
    unit = MILLION if top >= LEAST_IN_MILLIONS else ONE
    percent = decimals(current * 100, 0).rstrip(".")
    return _environment.get_template("what_if.svg.j2").render(
        language=language.value,
        words=words,
        subtitle=words["as_of"].format(on=on.isoformat(), year=year),
        current_label=words["current"].format(percent=percent),
        current_x=_pixel(LEFT + PLOT_WIDTH * (Decimal("0.5") + current * 10) / len(points)),
        unit=words["millions" if unit == MILLION else "tenge"],
        columns=[_column(index, point, top, unit, len(points)) for index, point in enumerate(points)],
        grid=[_grid_line(line, top, unit) for line in range(GRID_LINES + 1)],
        size=(WIDTH, HEIGHT),
        plot=(LEFT, TOP, PLOT_WIDTH, PLOT_HEIGHT),
    )


def _column(index: int, point: WhatIf, top: Decimal, unit: Decimal, count: int) -> Column:
    slot = Decimal(PLOT_WIDTH) / count
    principal, interest = _height(point.principal, top), _height(point.interest, top)
    base = Decimal(TOP + PLOT_HEIGHT)
    return Column(
        x=_pixel(LEFT + slot * index + slot / 6),
        width=_pixel(slot * 2 / 3),
        principal_top=_pixel(base - principal),
        principal_height=_pixel(principal),
        interest_top=_pixel(base - principal - interest),
        interest_height=_pixel(interest),
        percent=int(point.fulfilment * 100),
        label=_label(point.total, unit),
        title=f"{int(point.fulfilment * 100)} %: {grouped(point.principal)} + {grouped(point.interest)} ₸",
    )


def _grid_line(line: int, top: Decimal, unit: Decimal) -> tuple[Decimal, str]:
    value = top * line / GRID_LINES
    return _pixel(TOP + PLOT_HEIGHT - _height(value, top)), decimals((value / unit).quantize(CENT), 0).rstrip(".")


def _height(amount: Decimal, top: Decimal) -> Decimal:
    return PLOT_HEIGHT * amount / top


def _scale_top(largest: Decimal) -> Decimal:
    """The smallest of 1, 2, 4, 5, 10 times a power of ten that is not below the largest amount."""
    if not largest:
        return MILLION
    power = Decimal(10) ** largest.adjusted()
    return next(power * step for step in STEPS if power * step >= largest)


def _label(amount: Decimal, unit: Decimal) -> str:
    """An amount above its column: millions with two decimals, or whole tenge; the column's title has it to the tiyn."""
    return str((amount / unit).quantize(CENT if unit == MILLION else ONE))


def grouped(amount: Decimal) -> str:
    """An amount with thin spaces between thousands, as the region writes it."""
    return f"{amount:,.2f}".replace(",", "\u202f")


def _pixel(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"))

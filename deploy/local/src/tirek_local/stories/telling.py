"""How a story is told: chapters, who did what on which day and by which article, and tables of figures."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from rich import box
from rich.cells import cell_len
from rich.console import Console, JustifyMethod, RenderableType
from rich.markup import escape
from rich.measure import Measurement
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from tirek_local.stories.people import Person

DAY, INDENT = 12, 2
UNBROKEN = frozenset({"from", "to", "answer", "indicator", "report due", "known from"})
"""Columns of days and names, which are never broken."""
LAYOUTS: tuple[dict[str, Any], ...] = (
    {"padding": (0, 1)},
    {"padding": (0, 1, 0, 0), "pad_edge": False, "show_edge": False},
    {"padding": 0, "show_edge": False},
)
"""From the widest to the narrowest: the first in which no figure is cut is taken."""


def tenge(amount: str) -> str:
    """An amount, or another figure, as people read it: 37,209,041.10."""
    return f"{Decimal(amount):,}"


class Teller:
    """Shows a story on a console, each line as it happens; `today` is the day in the story."""

    def __init__(self, out: Console) -> None:
        self._out = out
        self._chapter = 0
        self._day_shown = ""
        self.today = ""

    def chapter(self, title: str) -> None:
        """Begin a chapter."""
        self._chapter += 1
        self._day_shown = ""
        self._out.print()
        self._out.print(Rule(f"[bold]{self._chapter}. {escape(title)}[/bold]", align="left", style="cyan"))

    def does(self, who: Person | str, what: str, by: str = "") -> None:
        """Somebody does something, by an article where there is one."""
        name = who if isinstance(who, str) else who.subject
        self._line(f"[bold cyan]{escape(name)}[/bold cyan] {escape(what)}" + self._article(by))

    def notes(self, what: str, by: str = "") -> None:
        """Something to be known, without anybody who does it."""
        self._line(escape(what) + self._article(by))

    def refused(self, who: Person, problem: dict[str, Any], by: str = "") -> None:
        """Somebody was refused something, in the refusal's words."""
        words = f"{problem['title']}. {problem['detail']}"
        self._line(
            f"[bold cyan]{who.subject}[/bold cyan] [bold red]is refused:[/bold red] {escape(words)}" + self._article(by)
        )

    def table(
        self, title: str, heads: Sequence[str], rows: Iterable[Sequence[str]], *, right: Iterable[int] = ()
    ) -> None:
        """A table; the columns numbered in `right` hold figures."""
        lines, figures = [list(row) for row in rows], set(right)
        for layout in LAYOUTS:
            table = Table(
                title=title, title_justify="left", title_style="bold", header_style="dim", box=box.SIMPLE_HEAD, **layout
            )
            for number, head in enumerate(heads):
                whole = number in figures or head in UNBROKEN
                widest = max(cell_len(Text.from_markup(line[number]).plain) for line in [list(heads), *lines])
                side: JustifyMethod = "right" if number in figures else "left"
                table.add_column(head, justify=side, no_wrap=whole, min_width=widest if whole else None)
            for line in lines:
                table.add_row(*line)
            if Measurement.get(self._out, self._out.options, table).minimum <= self._out.width - INDENT:
                break
        self.show(table)

    def show(self, what: RenderableType) -> None:
        """Anything that rich can show, indented."""
        self._out.print()
        self._out.print(Padding(what, (0, 0, 0, INDENT)))
        self._out.print()

    def _line(self, words: str) -> None:
        day = "" if self.today == self._day_shown else self.today
        self._day_shown = self.today
        line = Table.grid(padding=(0, 2))
        line.add_column(width=DAY - 2, style="green")
        line.add_column()
        line.add_row(day, words)
        self._out.print(line)

    def _article(self, by: str) -> str:
        return f" [dim]\\[{escape(by)}][/dim]" if by else ""

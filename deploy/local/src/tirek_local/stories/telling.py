"""How a story is told: chapters, who did what on which day and by which article, and tables of figures."""

from collections.abc import Iterable, Sequence
from typing import Any

from rich import box
from rich.console import Console, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table

from tirek_local.stories.people import Person

DAY, INDENT = 12, 2
UNBROKEN = frozenset({"from", "to", "answer", "indicator", "report due", "known from", "because of", "as of"})
"""Columns of days and names, which are never broken."""


def tenge(amount: str) -> str:
    """An amount as people read it: 37,209,041.10."""
    whole, _, tiyn = amount.partition(".")
    groups: list[str] = []
    rest = whole
    while len(rest) > 3:
        groups.insert(0, rest[-3:])
        rest = rest[:-3]
    return ",".join([rest, *groups]) + f".{tiyn}"


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
        table = Table(
            title=title,
            title_justify="left",
            title_style="bold",
            header_style="dim",
            box=box.SIMPLE_HEAD,
            padding=(0, 1),
        )
        for number, head in enumerate(heads):
            figures = number in set(right)
            table.add_column(head, justify="right" if figures else "left", no_wrap=figures or head in UNBROKEN)
        for row in rows:
            table.add_row(*row)
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

"""Figures that must come out as they should: the first that differs ends the story."""

from collections.abc import Mapping

from tirek_local.servers import Trouble


class Figures:
    """Compares figures; counts those that came out right."""

    def __init__(self) -> None:
        self.right = 0

    def equal(self, what: str, found: object, wanted: object) -> None:
        """Raise `Trouble`, which names the figure, unless it is what it should be."""
        if found != wanted:
            raise Trouble(f"{what} should be {wanted}, and is {found}.", "The story stops at the first wrong figure.")
        self.right += 1

    def all_equal(self, what: str, found: Mapping[str, object], wanted: Mapping[str, object]) -> None:
        """The same for several members of one answer."""
        for name, value in wanted.items():
            self.equal(f"{what}, {name}", found.get(name), value)

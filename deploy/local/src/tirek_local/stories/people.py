"""Who acts in the stories: made-up people and companies, each with an access token of their own."""

from collections.abc import Callable
from dataclasses import dataclass

from shared.access.issuer import DevelopmentIssuer
from shared.access.roles import Role
from shared.settings import Environment
from tirek_local.supervisor import System

INDUSTRY, EXPORT = "industry", "export"


@dataclass(frozen=True)
class Person:
    """Somebody with a token: `subject` as the identity provider knows them, the company's BIN for an applicant."""

    subject: str
    role: Role
    institute: str | None = None
    bin: str | None = None


def officer(number: int, institute: str = INDUSTRY) -> Person:
    """An officer of an institute."""
    return Person(f"officer-{number}", Role.OFFICER, institute)


def approver(number: int, institute: str = INDUSTRY) -> Person:
    """A member of the commission, who also approves payments and demands."""
    return Person(f"approver-{number}", Role.APPROVER, institute)


def expert(number: int, institute: str = INDUSTRY) -> Person:
    """An expert who examines applications."""
    return Person(f"expert-{number}", Role.EXPERT, institute)


def company(number: int, bin_: str) -> Person:
    """Somebody who acts for a company, which its BIN names."""
    return Person(f"company-{number}", Role.APPLICANT, bin=bin_)


Mint = Callable[[Person], str]
"""Gives a person an access token."""


def minting(system: System, kind: str) -> Mint:
    """Tokens of the development issuer of a running system, as `tirek token` prints them."""
    issuer = DevelopmentIssuer(system.data / "issuer", Environment(kind))

    def mint(person: Person) -> str:
        return issuer.mint(subject=person.subject, roles=[person.role], institute=person.institute, bin=person.bin)

    return mint

"""`tirek token`: a token of the development issuer, for trying things out."""

import os
from pathlib import Path
from typing import Annotated

import typer

from shared.access.issuer import DevelopmentIssuer, IssuerRefused
from shared.access.roles import Role
from shared.settings import Environment

INSTITUTE = "industry"
COMPANY = "190140000019"
"""A made-up company whose number has a right control digit."""

DIRECTORY = Path(os.environ.get("TIREK_DATA", ".tirek")) / "issuer"
"""Where `make up` has the key."""

_of_institutes = frozenset({Role.OFFICER, Role.EXPERT, Role.APPROVER})


def token(
    role: Annotated[list[Role], typer.Option(help="A role; name it again for several.")],
    subject: Annotated[str | None, typer.Option(help="Who it is; the first role's name where absent.")] = None,
    institute: Annotated[str | None, typer.Option(help="Institute of an officer, expert or approver.")] = None,
    bin_: Annotated[str | None, typer.Option("--bin", help="BIN of an applicant's company.")] = None,
    name: Annotated[str | None, typer.Option(help="Name to be shown.")] = None,
    hours: Annotated[int, typer.Option(min=1, max=12, help="How long it is valid.")] = 8,
    directory: Annotated[
        Path, typer.Option(envvar="TIREK_ISSUER_DIRECTORY", help="Where the development issuer keeps its key.")
    ] = DIRECTORY,
    environment: Annotated[Environment, typer.Option(envvar="TIREK_ENVIRONMENT")] = Environment.DEVELOPMENT,
    audience: Annotated[str, typer.Option(envvar="TIREK_OIDC_AUDIENCE")] = "tirek",
) -> None:
    """Print an access token of the development issuer. Refused in production."""
    roles = set(role)
    if institute is None and roles & _of_institutes:
        institute = INSTITUTE
    if bin_ is None and Role.APPLICANT in roles:
        bin_ = COMPANY
    try:
        issuer = DevelopmentIssuer(directory, environment, audience=audience)
    except (IssuerRefused, OSError) as error:
        typer.echo(f"No token: {error}", err=True)
        raise typer.Exit(1) from None
    minted = issuer.mint(
        subject=subject or role[0].value,
        roles=roles,
        institute=institute,
        bin=bin_,
        name=name,
        lifetime_seconds=hours * 3600,
    )
    typer.echo(minted)

"""`tirek token`: a token of the development issuer, for trying things out."""

import os
from pathlib import Path
from typing import Annotated

import typer

from shared.access.issuer import DevelopmentIssuer, IssuerRefused
from shared.access.roles import Role
from shared.settings import Environment

WITHOUT_INSTITUTE = frozenset({Role.APPLICANT, Role.SERVICE, Role.OPERATOR})
DEFAULT_DIRECTORY = Path(".tirek/issuer")


def token(
    role: Annotated[list[Role], typer.Option(help="What the caller may do; repeat it for several roles.")],
    subject: Annotated[str, typer.Option(help="Who the caller is; absent: the first role.")] = "",
    institute: Annotated[str, typer.Option(help="industry or export; absent: industry for officials.")] = "",
    bin_: Annotated[str, typer.Option("--bin", help="The applicant's BIN.")] = "",
    hours: Annotated[int, typer.Option(min=1, max=12, help="How long the token is valid.")] = 8,
) -> None:
    """Print an access token. Works with the development issuer only, which refuses to run in production."""
    directory = Path(os.environ.get("TIREK_ISSUER_DIRECTORY", DEFAULT_DIRECTORY))
    environment = Environment(os.environ.get("TIREK_ENVIRONMENT", Environment.DEVELOPMENT))
    official = not set(role) <= WITHOUT_INSTITUTE
    try:
        issuer = DevelopmentIssuer(directory, environment)
    except IssuerRefused as refused:
        raise typer.BadParameter(str(refused)) from None
    minted = issuer.mint(
        subject=subject or role[0].value,
        roles=role,
        institute=institute or ("industry" if official else None),
        bin=bin_ or None,
        lifetime_seconds=hours * 3600,
    )
    typer.echo(minted)

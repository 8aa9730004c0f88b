"""Passwords of the local servers: random, made once, readable by their owner alone."""

import json
import os
import secrets
from pathlib import Path

from tirek_local.servers.trouble import disk_trouble


def password_for(name: str, kept_in: Path) -> str:
    """The password of a role, made on the first call and kept in the file `kept_in` (mode 0600)."""
    known = known_passwords(kept_in)
    if name not in known:
        known[name] = secrets.token_urlsafe(24)
        _write(known, kept_in)
    return known[name]


def known_passwords(kept_in: Path) -> dict[str, str]:
    """Role to password; empty where none was made yet."""
    if not kept_in.exists():
        return {}
    passwords: dict[str, str] = json.loads(kept_in.read_text(encoding="ascii"))
    return passwords


def _write(passwords: dict[str, str], kept_in: Path) -> None:
    new = kept_in.with_suffix(".new")
    try:
        kept_in.parent.mkdir(parents=True, exist_ok=True)
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            json.dump(passwords, file)
        new.replace(kept_in)
    except OSError as error:
        raise disk_trouble(error, kept_in.parent) from error

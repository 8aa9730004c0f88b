"""Statements as a span may show them: without any literal, under a name that says what is done to which table."""

import re
from functools import lru_cache

LONGEST = 1_000
_comments = re.compile(r"/\*.*?\*/|--[^\n]*", re.DOTALL)
_literals = re.compile(r"'(?:[^']|'')*'|(?<![\w$.])[0-9]+(?:\.[0-9]+)?\b")
_table = re.compile(r"\b(?:from|into|update|join|table)\s+(?:only\s+)?\"?([a-z_][\w.]*)", re.IGNORECASE)
_verb = re.compile(r"\s*(?:with\b.*?\b(?=insert\b|update\b|delete\b|select\b))?([a-z]+)", re.IGNORECASE | re.DOTALL)


@lru_cache(maxsize=1_000)
def sanitized(statement: str) -> str:
    """The statement with `?` for each literal, without comments, on one line, at most 1,000 characters of it."""
    bare = _literals.sub("?", _comments.sub(" ", statement))
    return " ".join(bare.split())[:LONGEST]


@lru_cache(maxsize=1_000)
def name_of(statement: str) -> str:
    """What the statement does, `SELECT event` or `COMMIT`, with the first table that it names."""
    bare = _comments.sub(" ", _literals.sub("?", statement))
    verb, table = _verb.match(bare), _table.search(bare)
    named = [verb[1].upper() if verb else "statement", *([table[1]] if table else [])]
    return " ".join(named)

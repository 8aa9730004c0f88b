"""How an implementation is asked: over HTTP, or as a Python function that takes the question as a dictionary."""

import http.client
import json
from collections.abc import Callable
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

Question = dict[str, Any]
Said = dict[str, Any]
Ask = Callable[[Question], Said]
"""Answers a question with the figures, or with `refused` (a name) or `fields` (JSON pointers) or both."""


def function(named: str) -> Ask:
    """The function `module:name`; a dotted name goes into a class."""
    module, _, path = named.partition(":")
    found: Any = import_module(module)
    for part in path.split("."):
        found = getattr(found, part)
    asked: Ask = found
    return asked


class Http:
    """A calculator behind HTTP: a question is POSTed and answered with 200 and the figures, or with 422 and why."""

    def __init__(self, url: str, token: str | None = None) -> None:
        parts = urlsplit(url)
        self._path = parts.path + (f"?{parts.query}" if parts.query else "")
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._connection = kind(parts.netloc, timeout=30)
        self._headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})

    def __call__(self, question: Question) -> Said:
        """Ask; raises where the answer is neither figures nor a refusal."""
        self._connection.request("POST", self._path, json.dumps(question).encode(), self._headers)
        answer = self._connection.getresponse()
        text = answer.read()
        if answer.status == 200:
            figures: Said = json.loads(text)
            return figures
        if answer.status != 422:
            raise RuntimeError(f"HTTP {answer.status}: {text[:200]!r}")
        problem = json.loads(text)
        named = str(problem.get("type", "")).rpartition("/")[2]
        return {"refused": named, "fields": [error["pointer"] for error in problem.get("errors") or []]}

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

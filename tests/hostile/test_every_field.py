"""What may not stand in a field is refused with the field named, and leaves no trace in the database."""

import json
import re
import uuid
from collections import Counter
from typing import Any

import httpx
import pytest

from tests.hostile.cast import EVERYBODY
from tests.hostile.conftest import NAMES, Town
from tests.hostile.fields import GONE, HUGE, NAN, Bodies, at, changed, names_in_code, pointer, wrong_values
from tests.hostile.recording import Operation, name_of

pytestmark = pytest.mark.timeout(600)

Json = Any

MALFORMED = (
    b"", b"{", b'{"a": 1,}', b"{'a': 1}", b'{"a": 1}{}', b"\xff\xfe{}", b"\xef\xbb\xbf{}", b"nul", b'{"a": 01}',
    b"\x00", b'"', b"{} x",
)  # fmt: skip
LANGUAGES = ("en", "ru", "kk")


class Sender:
    """Sends bodies to one operation, where the seeding sent one that succeeded."""

    def __init__(self, town: Town, service: str, operation: Operation, client: httpx.Client) -> None:
        self.town, self.operation, self.client = town, operation, client
        self.name = name_of(operation)
        places = town.records.places[service, self.name]
        raw = operation.definition.raw
        role = next(role for role in EVERYBODY if role in raw.get("x-roles", EVERYBODY))
        self.path = operation.path.format(**next(iter(places.values())))
        self.body = town.records.bodies[service, self.name]
        self.schema = raw["requestBody"]["content"]["application/json"]["schema"]
        self.token = town.mint(EVERYBODY[role])
        self.sent: Counter[int] = Counter()
        self.wrong: list[str] = []

    def send(self, content: bytes, what: str, *pointers: str, statuses: tuple[int, ...] = (400, 422)) -> None:
        """Send it; it must be refused in one of these ways, one of these places must be named where any is given."""
        language = LANGUAGES[sum(self.sent.values()) % len(LANGUAGES)]
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "Idempotency-Key": str(uuid.uuid4()),
            "If-Match": '"1"',
            "Accept-Language": language,
        }
        response = self.client.request(self.operation.method, self.path, content=content, headers=headers)
        self.sent[response.status_code] += 1
        if response.status_code not in statuses:
            self.wrong.append(f"{self.name} {what}: {response.status_code} {response.text[:300]}")
            return
        problem = response.json()
        errors = problem.get("errors", [])
        if (
            response.headers["content-type"] != "application/problem+json"
            or response.headers["content-language"] != language
        ):
            self.wrong.append(f"{self.name} {what}: {dict(response.headers)}")
        if pointers and not {error["pointer"] for error in errors} & set(pointers):
            self.wrong.append(f"{self.name} {what}: not named: {errors}, {problem['type']}")
        for error in errors:
            words = [error["detail"], *(error[name] for name in ("found", "wanted") if _is_prose(error.get(name, "")))]
            if language != "en" and not all(_is_cyrillic(each) for each in words):
                self.wrong.append(f"{self.name} {what}: not in {language}: {words}")
            if re.search(r"[0-9]{10}", error.get("found", "")):
                self.wrong.append(f"{self.name} {what}: ten digits repeated: {error['found']}")


def _is_prose(words: str) -> bool:
    """Whether there are words to translate: no echo in quotation marks, no sign, pattern or list of values."""
    return bool(words) and words[0] not in "\"'^≤≥<>"


def _is_cyrillic(words: str) -> bool:
    return any("а" <= letter <= "я" for letter in words.lower())


def encoded(body: Json) -> bytes:
    """The body as JSON, with the tokens that no value has."""
    text = json.dumps(body)
    return text.replace(f'"{NAN}"', "NaN").replace(f'"{HUGE}"', "1e400").encode("ascii")


def try_fields(sender: Sender, bodies: Bodies) -> None:
    """Each field with each wrong value, and under its name in the code; each object with a member more."""
    called = names_in_code()
    for each in bodies.fields(sender.schema, sender.body):
        for wrong in wrong_values(each, at(sender.body, each.place)):
            shown = "left out" if wrong is GONE else ascii(wrong)[:60]
            body = changed(sender.body, each.place, wrong)
            above = pointer(each.place[:-1])
            sender.send(
                encoded(body), f"{pointer(each.place)} = {shown}", pointer(each.place), *([above] if above else [])
            )
        for name in called.get(str(each.place[-1]), ()):
            renamed = (*each.place[:-1], name)
            body = changed(changed(sender.body, each.place, GONE), renamed, at(sender.body, each.place))
            sender.send(encoded(body), f"{pointer(each.place)} as {name}", pointer(renamed))
    for place in bodies.objects(sender.schema, sender.body):
        more = (*place, "unexpected")
        sender.send(encoded(changed(sender.body, more, "x")), "one member more", pointer(more))


def try_whole(sender: Sender) -> None:
    """The whole body: malformed, too large, nested, with members twice, of another kind."""
    for content in MALFORMED:
        if content or sender.operation.definition.raw["requestBody"].get("required"):
            sender.send(content, ascii(content))
    for content in (b"null", b"[]", b'"x"', b"7", b"true"):
        sender.send(content, ascii(content))
    name = next(iter(sender.body), "a")
    sender.send(f'{{"{name}": 1, "{name}": 2}}'.encode(), "a member twice", f"/{name}")
    sender.send(b'{"a":' + b"[" * 500 + b"]" * 500 + b"}", "500 deep")
    sender.send(b"[" * 100_000 + b"]" * 100_000, "100,000 deep")
    sender.send(b'{"a": "' + b"x" * (2 * 1024 * 1024) + b'"}', "2 MiB", statuses=(413,))


@pytest.mark.parametrize("service", NAMES)
def test_what_may_not_stand_in_a_field_is_refused_there_and_leaves_no_trace(town: Town, service: str) -> None:
    bodies = Bodies(town.described[service].document)
    wrong: list[str] = []
    counted: Counter[int] = Counter()
    with httpx.Client(base_url=town.urls[service], timeout=30, trust_env=False) as client:
        for operation in town.described[service].operations:
            if "requestBody" not in operation.definition.raw:
                continue
            sender = Sender(town, service, operation, client)
            before = town.footprints[service].read()
            try_fields(sender, bodies)
            try_whole(sender)
            if town.footprints[service].read() != before:
                wrong.append(f"{sender.name}: a refused body left a trace")
            wrong += sender.wrong
            counted += sender.sent
    assert sum(counted.values()) > 500
    assert not wrong, f"{len(wrong)} of {sum(counted.values())} answers are wrong:\n" + "\n".join(wrong[:60])

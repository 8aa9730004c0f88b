"""The four conditions of Art. 25(5) as pure rules: what is stated and what the lists say in, findings out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from grants.eligibility.conditions import ARTICLES, Answer, Condition, Eligibility, Entry, Finding

CRITERIA_ARTICLE = "Law 86-VII, Art. 25(5), fourth indent; order 403 of 12.07.2022 as amended (assumed)"


@dataclass(frozen=True, slots=True)
class Stated:
    """What the applicant states; None where nothing is stated yet."""

    fea_cn: str | None
    accepts_obligations: bool | None
    documents: frozenset[str]
    declared: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Lists:
    """What the dated lists say: conditions and lists of the day of submission, the register's entries as they are.

    `in_force` holds for each condition its row of the day: `in-force`, `unknown` or `not-in-force`. `goods` are the
    headings of the good's code that are on the list, None where no list is known; `producers` the applicant's entries
    in the register, None where no extract is known. `numbers` are the parameters that criteria speak of, by name.
    """

    in_force: Mapping[Condition, Entry]
    goods: tuple[Entry, ...] | None
    producers: tuple[Entry, ...] | None
    criteria: tuple[Entry, ...]
    required_documents: tuple[Entry, ...]
    numbers: Mapping[str, Entry]


def judge(stated: Stated, lists: Lists, *, conditions_on: date, evidence_on: date) -> Eligibility:
    """The four findings, by the conditions in force on one day and the evidence as it stands on another.

    Both days are local days. Before submission both are today; later the first stays the day of submission.
    """
    register = _if_in_force(
        Condition.REGISTER, lists, conditions_on, lambda: register_of_producers(lists.producers, evidence_on)
    )
    findings = (
        _if_in_force(Condition.PRIORITY_GOODS, lists, conditions_on, lambda: priority_goods(stated, lists)),
        _if_in_force(Condition.COUNTER_OBLIGATIONS, lists, conditions_on, lambda: counter_obligations(stated)),
        _if_in_force(
            Condition.COMPLIANCE, lists, conditions_on, lambda: compliance(stated, lists, register, conditions_on)
        ),
        register,
    )
    return Eligibility(conditions_on, evidence_on, findings)


def _if_in_force(condition: Condition, lists: Lists, on: date, answer: Callable[[], Finding]) -> Finding:
    """The answer where the condition is in force; where nobody knows whether it is, the answer is unknown."""
    row = lists.in_force.get(condition)
    found = _finding(condition)
    if row is None:
        return found(Answer.UNKNOWN, "Whether the condition was in force on {day} is not known.", {"day": on})
    if row.values["status"] == "not-in-force":
        return found(Answer.NOT_YET_IN_FORCE, "On {day} the condition was not in force yet.", {"day": on}, (row,))
    if row.values["status"] == "unknown":
        return found(
            Answer.UNKNOWN,
            "On {day} the condition stood in the Law, but what it rests on was not in force yet.",
            {"day": on},
            (row,),
        )
    finding = answer()
    return replace(finding, evidence=(row, *finding.evidence))


def priority_goods(stated: Stated, lists: Lists) -> Finding:
    """Whether the good is on the list of priority goods of the day, by the longest prefix of its FEA CN code."""
    found = _finding(Condition.PRIORITY_GOODS)
    if lists.goods is None:
        return found(Answer.UNKNOWN, "No list of priority goods is known for that day.")
    if stated.fea_cn is None:
        return found(Answer.UNKNOWN, "The FEA CN code of the good is not stated.")
    matching = [entry for entry in lists.goods if stated.fea_cn.startswith(entry.key)]
    data = {"code": stated.fea_cn}
    if matching:
        longest = max(matching, key=lambda entry: len(entry.key))
        return found(Answer.MET, "The good {code} is on the list of priority goods.", data, (longest,))
    if any(entry.key.startswith(stated.fea_cn) for entry in lists.goods):
        return found(Answer.UNKNOWN, "The code {code} is too short to say which good is meant.", data)
    return found(Answer.NOT_MET, "The good {code} is not on the list of priority goods.", data)


def counter_obligations(stated: Stated) -> Finding:
    """Whether the applicant accepts counter-obligations."""
    found = _finding(Condition.COUNTER_OBLIGATIONS)
    if stated.accepts_obligations is None:
        return found(Answer.UNKNOWN, "Whether counter-obligations are accepted is not stated.")
    if stated.accepts_obligations:
        return found(Answer.MET, "The applicant accepts counter-obligations.")
    return found(Answer.NOT_MET, "The applicant does not accept counter-obligations.")


def register_of_producers(producers: tuple[Entry, ...] | None, on: date) -> Finding:
    """Whether the applicant is in the register of Kazakhstani commodity producers on the day (Art. 51-1 to 51-6)."""
    found, data = _finding(Condition.REGISTER), {"day": on}
    if producers is None:
        return found(Answer.UNKNOWN, "No extract of the register is known.", data)
    if holding := tuple(entry for entry in producers if entry.holds_on(on)):
        return found(Answer.MET, "The applicant is in the register on {day}.", data, holding)
    ended = [(entry.effective_to, entry) for entry in producers if entry.effective_to and entry.effective_to < on]
    if ended:
        until, latest = max(ended, key=lambda pair: pair[0])
        data["until"] = until
        return found(Answer.NOT_MET, "The applicant was in the register until {until}, not on {day}.", data, (latest,))
    return found(Answer.NOT_MET, "The applicant is not in the register on {day}.", data)


def compliance(stated: Stated, lists: Lists, register: Finding, conditions_on: date) -> Finding:
    """Whether applicant and documents comply with the rules in force on the day.

    One criterion or document that is missing: not met. Where criteria of the day are not at hand, or one cannot be
    judged: unknown.
    """
    found = _finding(Condition.COMPLIANCE)
    criteria = tuple(_criterion(entry, stated, lists, register, conditions_on) for entry in lists.criteria)
    parts = criteria + tuple(_document(entry, stated) for entry in lists.required_documents)
    failing = [part.code for part in parts if part.answer is Answer.NOT_MET]
    if failing:
        data = {"items": ", ".join(failing)}
        return found(Answer.NOT_MET, "The rules are not complied with: {items}.", data, criteria=parts)
    if not lists.criteria:
        return found(Answer.UNKNOWN, "The applicant criteria in force on that day are not at hand.", criteria=parts)
    open_ = [part.code for part in parts if part.answer is Answer.UNKNOWN]
    if open_:
        return found(Answer.UNKNOWN, "Not known: {items}.", {"items": ", ".join(open_)}, criteria=parts)
    return found(Answer.MET, "Applicant and documents comply with the rules.", criteria=parts)


def _criterion(entry: Entry, stated: Stated, lists: Lists, register: Finding, on: date) -> Finding:
    if entry.key == "producer":
        evidence = (entry, *register.evidence)
        return Finding(entry.key, register.answer, register.reason, CRITERIA_ARTICLE, register.data, evidence)
    check = CHECKS.get(entry.key)
    if check is None:
        return Finding(
            entry.key, Answer.UNKNOWN, "A person has to judge this criterion.", CRITERIA_ARTICLE, {}, (entry,)
        )
    number = lists.numbers.get(check.number) if check.number else None
    evidence = (entry,) if number is None else (entry, number)
    answer = check.answer(stated.declared, number, on)
    return Finding(entry.key, answer, _DECLARED[answer], CRITERIA_ARTICLE, {}, evidence)


_DECLARED = {
    Answer.MET: "By what the applicant declared, it is fulfilled.",
    Answer.NOT_MET: "By what the applicant declared, it is not fulfilled.",
    Answer.UNKNOWN: "What it takes to judge this was not stated.",
}


@dataclass(frozen=True, slots=True)
class _Check:
    """How a criterion is judged by the declarations; `number` is the parameter that it needs."""

    answer: Callable[[Mapping[str, Any], Entry | None, date], Answer]
    number: str | None = None


def _declared(member: str, wanted: bool) -> _Check:
    def answer(declared: Mapping[str, Any], _number: Entry | None, _on: date) -> Answer:
        return Answer.UNKNOWN if declared.get(member) is None else _answer(declared[member] is wanted)

    return _Check(answer)


def _is_active_long_enough(declared: Mapping[str, Any], years: Entry | None, on: date) -> Answer:
    since: date | None = declared.get("active_since")
    if since is None or years is None:
        return Answer.UNKNOWN
    day = min(since.day, 28) if since.month == 2 else since.day
    return _answer(date(since.year + int(years.values["value"]), since.month, day) <= on)


def _owes_nothing(declared: Mapping[str, Any], limit: Entry | None, _on: date) -> Answer:
    debt: Decimal | None = declared.get("debt")
    if debt is None or limit is None:
        return Answer.UNKNOWN
    return _answer(debt < Decimal(limit.values["value"]) or declared.get("debt_deferred") is True)


YEARS, DEBT = "grants.activity-years-least", "grants.debt-below"

CHECKS: Mapping[str, _Check] = {
    "enterprise-size": _declared("small_or_medium", wanted=True),
    "activity-years": _Check(_is_active_long_enough, YEARS),
    "priority-orientation": _declared("only_priority_goods", wanted=True),
    "not-excluded": _declared("excluded_by_rules", wanted=False),
    "not-affiliated": _declared("affiliated_with_supplier", wanted=False),
    "qualified-staff": _declared("qualified_staff", wanted=True),
    "no-debt": _Check(_owes_nothing, DEBT),
}
"""How the criteria of the list are judged, by key; a key that is not here is for a person to judge."""


def _document(entry: Entry, stated: Stated) -> Finding:
    present = entry.key in stated.documents
    reason = "The document is there." if present else "The document is missing."
    return Finding(f"document:{entry.key}", _answer(present), reason, CRITERIA_ARTICLE, {}, (entry,))


def _answer(is_so: bool) -> Answer:
    return Answer.MET if is_so else Answer.NOT_MET


def _finding(condition: Condition) -> Callable[..., Finding]:
    def found(
        answer: Answer,
        reason: str,
        data: Mapping[str, Any] | None = None,
        evidence: tuple[Entry, ...] = (),
        criteria: tuple[Finding, ...] = (),
    ) -> Finding:
        return Finding(condition, answer, reason, ARTICLES[condition], data or {}, evidence, criteria)

    return found

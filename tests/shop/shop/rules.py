"""What the shop takes, field by field, written by hand from its document; a rule gives a reason, or nothing."""

import calendar
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

Rule = Callable[[Any], str]

ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
LABEL = r"(?!..--)[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
EMAIL = re.compile(rf'(?:{ATOM}(?:\.{ATOM})*|"(?:[ !#-\[\]-~]|\\[ -~])*")@(?:{LABEL}(?:\.{LABEL})*)')
UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
CLOCK = re.compile(r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]+)?(?:[Zz]|([+-])([0-9]{2}):([0-9]{2}))")


def text(least: int = 0, most: int | None = None, form: Callable[[str], object] | None = None) -> Rule:
    def rule(value: Any) -> str:
        if not isinstance(value, str):
            return "is no text"
        if len(value) < least or (most is not None and len(value) > most):
            return "is too short or too long"
        return "" if form is None or form(value) else "has not the right form"

    return rule


def number(
    least: Decimal | int, most: Decimal | int | None = None, *, whole: bool = False, cents: bool = False
) -> Rule:
    def rule(value: Any) -> str:
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            return "is no number"
        if whole and value != int(value):
            return "is not whole"
        if value < least or (most is not None and value > most):
            return "is out of bounds"
        return "is finer than a cent" if cents and Decimal(value) % Decimal("0.01") else ""

    return rule


def positive(most: Decimal) -> Rule:
    inner = number(0, most)
    return lambda value: inner(value) or ("" if value > 0 else "is not positive")


def flag(value: Any) -> str:
    return "" if isinstance(value, bool) else "is neither true nor false"


def one_of(*members: str) -> Rule:
    return lambda value: "" if isinstance(value, str) and value in members else f"is none of {', '.join(members)}"


def maybe(rule: Rule) -> Rule:
    return lambda value: "" if value is None else rule(value)


def listed(item: Rule, least: int = 0, most: int | None = None, *, unique: bool = False) -> Rule:
    def rule(value: Any) -> str:
        if not isinstance(value, list):
            return "is no list"
        if len(value) < least or (most is not None and len(value) > most):
            return "has too few or too many members"
        if unique and len(set(map(str, value))) < len(value):
            return "has the same member twice"
        return next(filter(None, map(item, value)), "")

    return rule


def record(fields: dict[str, Rule], needed: tuple[str, ...] = (), *, closed: bool = True, least: int = 0) -> Rule:
    def rule(value: Any) -> str:
        if not isinstance(value, dict):
            return "is no object"
        missing = [name for name in needed if name not in value]
        if missing or len(value) < least:
            return f"lacks {', '.join(missing) or 'everything'}"
        for name, item in value.items():
            if name not in fields:
                if closed:
                    return f"{name} is not known"
            elif reason := fields[name](item):
                return f"{name} {reason}"
        return ""

    return rule


def entries(item: Rule, most: int) -> Rule:
    def rule(value: Any) -> str:
        if not isinstance(value, dict):
            return "is no object"
        return "has too many entries" if len(value) > most else next(filter(None, map(item, value.values())), "")

    return rule


def barred(_value: Any) -> str:
    return "is written by the shop alone"


def anything(_value: Any) -> str:
    return ""


def free(value: Any) -> str:
    return "" if isinstance(value, dict) else "is no object"


def like(pattern: str) -> Callable[[str], object]:
    return re.compile(pattern).fullmatch


def is_email(value: str) -> bool:
    local, _, host = value.rpartition("@")
    return bool(EMAIL.fullmatch(value)) and len(local) <= 64 and len(host) <= 253


def is_day(value: str) -> bool:
    found = DAY.fullmatch(value)
    if not found:
        return False
    year, month, day = map(int, found.groups())
    if not 1 <= month <= 12:
        return False
    longest = (
        29 if month == 2 and calendar.isleap(year) else (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]
    )
    return 1 <= day <= longest


def is_moment(value: str) -> bool:
    clock = CLOCK.fullmatch(value[11:])
    if value[10:11] not in {"T", "t"} or not is_day(value[:10]) or not clock:
        return False
    hour, minute, second = (int(clock[group]) for group in (1, 2, 3))
    ahead = 0
    if clock[4]:
        if int(clock[5]) > 23 or int(clock[6]) > 59:
            return False
        ahead = (int(clock[5]) * 60 + int(clock[6])) * (1 if clock[4] == "+" else -1)
    leap = (hour * 60 + minute - ahead) % 1440 == 1439
    return hour < 24 and minute < 60 and second < (61 if leap else 60)

"""Sensitive: what in an exchange is nobody else's business, by its name, its look, or the contract's `x-sensitive`."""

import re
from dataclasses import dataclass

from accord.contract import Schema
from accord.document import Json
from accord.privacy.literals import Path
from accord.schemas import shapes

_SECRETS = (
    r"pass_?(?:word|wd|phrase|code)|secret|token|(?:api|access|private|signing|encryption)_?key|authorization|auth"
    r"|credentials?|cookie|session(?:_id)?|otp|pin|cvv|cvc|csrf|signature|jwt"
)
_PERSONS = (
    r"e_?mails?|e?mail_?address(?:es)?|phones?|(?:tele)?phone_?numbers?|mobile|msisdn|ssn|social_security(?:_number)?"
    r"|tax_id|iban|card_?number|account_?number|(?:first|last|full|middle|maiden|given|family|user|customer|caller)_?name"
    r"|surname|street|(?:home|postal|billing|shipping|street|ip)_?address|post_?code|zip(?:_?code)?|birth_?(?:day|date)"
    r"|date_of_birth|dob|passport|licen[cs]e_?number|latitude|longitude"
)
_NAME = re.compile(rf"(?:^|_)(?:{_SECRETS}|{_PERSONS})$")
_SECRET = re.compile(rf"(?:^|_)(?:{_SECRETS})$")
_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+")

LOOKS = (
    re.compile(r"[A-Za-z0-9._+-]+(?:@|%40)[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"),
    re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)?"),
    re.compile(r"\b(?:sk|pk|rk|ghp|gho|ghs|glpat|xox[abp])[-_](?P<secret>[A-Za-z0-9_-]{16,})"),
    re.compile(r"\b(?:AKIA|ASIA)(?P<secret>[A-Z0-9]{16})\b"),
    re.compile(r"(?i)\b(?:bearer|basic) (?P<secret>[A-Za-z0-9._~+/-]{8,}=*)"),
    re.compile(r"(?<![\w.])(?:\+|%2B)\d[\d() -]{6,16}\d"),
    re.compile(r"(?<![\w.-])(?:\d{4}[ -]){3}\d{1,7}(?![\w.-])"),
    re.compile(r"://(?P<secret>[^/@\s:]+:[^/@\s]+)@"),
)
"""Addresses, telephone and card numbers, tokens and keys: what gives itself away wherever it stands."""

_ALONE = ("pattern", "format", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")

_FORMATS = frozenset({"email", "idn-email", "password"})


def is_name(name: str) -> bool:
    """Whether something of this name is a secret, or about a person."""
    return _NAME.search(_HUMPS.sub("_", name).lower()) is not None


def is_secret(name: str) -> bool:
    """Whether something of this name opens a door: a password, a token, a key."""
    return _SECRET.search(_HUMPS.sub("_", name).lower()) is not None


@dataclass(frozen=True, slots=True)
class Place:
    """What is known of a place in a value: whether it is sensitive, None where neither schema nor names say so.

    `rules` are what schemas promise about a text or number there by itself.
    """

    said: bool | None
    rules: tuple[Schema, ...] = ()


def is_marked(schema: Schema) -> bool:
    """Whether the contract, or its format, says that the whole of a value is sensitive."""
    return place(schema, ()).said is True


def place(schema: Schema | None, path: Path) -> Place:
    """What is known of the place at `path` of a value.

    What the contract says of a place (`x-sensitive: true` or `false`, a format) goes before its name, and what is said
    of an outer place holds for all in it.
    """
    definitions = {} if schema is None else schema.get("$defs", {})
    rules: tuple[Json, ...] = () if schema is None else (schema,)
    said: bool | None = None
    for name in (None, *path):
        if name is not None:
            found = [branch for rule in rules for branch in shapes.branches(rule, definitions)]
            rules = shapes.items(found) if name == "*" else _children(found, name)
            said = True if is_name(name) else said
        about = [branch for rule in rules for branch in shapes.branches(rule, definitions)]
        given = [branch["x-sensitive"] for branch in about if isinstance(branch.get("x-sensitive"), bool)]
        if given or shapes.formats(about) & _FORMATS:
            said = any(given) if given else True
    about = [branch for rule in rules for branch in shapes.branches(rule, definitions)]
    chosen = ({key: branch[key] for key in _ALONE if key in branch} for branch in about)
    return Place(said, tuple(rule for rule in chosen if rule))


def _children(found: list[Schema], name: str) -> tuple[Json, ...]:
    """The schemas of a property: those of its name, else those for names of the sender's choice."""
    named = shapes.children(found, name)
    if named:
        return named
    return tuple(rule for branch in found if isinstance(rule := branch.get("additionalProperties"), dict))

"""Wrong keys: what a caller may try to be let in with, each almost the right credentials of an operation."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from accord.contract import Operation, SecurityScheme
from accord.exchange import Headers
from accord.network.credentials import Credentials, credentials, is_protected

LONG = "x" * 5000
"""A key longer than any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongKey:
    """Credentials that must not let anybody in, and what is wrong with them."""

    fault: str
    description: str
    given: Credentials


def wrong_keys(operation: Operation) -> Iterator[WrongKey]:
    """Every way to be refused by `operation`, the plainest first; none where it lets anybody in."""
    if not is_protected(operation):
        return
    right = credentials(operation)
    yield _wrong("missing", "the key is missing", Credentials())
    for word, told, change in _CHANGES:
        yield _wrong(word, told, _changed(right, change))
    yield from _other_schemes(right)
    yield from _misplaced(operation, right)
    if len(right.secrets) > 1:
        for at, name in enumerate(right.secrets):
            partial_ = _without(right, at)
            yield _wrong("incomplete", f"one of the keys is missing, `${name}`", partial_)


def strangers_keys(operation: Operation, schemes: Iterable[SecurityScheme]) -> Iterator[tuple[str, Credentials]]:
    """Wrong credentials in places where `schemes`, of other operations, have theirs; `operation` wants none."""
    for scheme in schemes if not operation.security else ():
        pair = ((scheme.parameter, "wrong"),)
        given = {"header": Credentials(headers=pair), "query": Credentials(query=pair)}
        if scheme.type == "apiKey" and scheme.location in given and scheme.parameter.lower() != "x-api-key":
            yield f"with a wrong `{scheme.parameter}`, which nobody asked for", given[scheme.location]


def needless_keys(operation: Operation) -> Iterator[tuple[str, Credentials]]:
    """Credentials that `operation` does not ask for, and must not mind."""
    if not operation.security:
        yield "with a bearer token that nobody asked for", Credentials(headers=(("Authorization", "Bearer wrong"),))
        yield "with an API key that nobody asked for", Credentials(headers=(("X-API-Key", "wrong"),))
    elif () in operation.security:
        yield "without a key, which is not needed", Credentials()


_CHANGES: tuple[tuple[str, str, Callable[[str], str]], ...] = (
    ("wrong", "the key is wrong", lambda _secret: "wrong"),
    ("empty", "the key is empty", lambda _secret: ""),
    ("other-case", "the key is in the other letter case", lambda secret: f"${{{secret[1:]}~~}}"),
    ("cut-short", "the key lacks its last character", lambda secret: f"${{{secret[1:]}%?}}"),
    ("extended", "the key has one character more", lambda secret: f"{secret}x"),
    ("beheaded", "the key lacks its first character", lambda secret: f"${{{secret[1:]}#?}}"),
    ("prefixed", "the key has one character before it", lambda secret: f"x{secret}"),
    ("doubled", "the key is written twice", lambda secret: f"{secret}{secret}"),
    ("non-ascii", "the key is not ASCII", lambda _secret: "cl\u00e9"),
    ("long", f"the key has {len(LONG):,} characters", lambda _secret: LONG),
    ("null", "the key is `null`", lambda _secret: "null"),
    ("quoted", "the key is between quotes", lambda secret: f'"{secret}"'),
    ("wildcard", "the key is `*`", lambda _secret: "*"),
)
"""What becomes of `$NAME`."""


def _wrong(word: str, told: str, given: Credentials) -> WrongKey:
    used = [text for pairs in (given.headers, given.query, given.cookies) for _, text in pairs]
    held = tuple(name for name in given.secrets if any(f"${name}" in text or f"${{{name}" in text for text in used))
    return WrongKey(fault=f"security-{word}", description=told, given=replace(given, secrets=held))


def _changed(right: Credentials, change: Callable[[str], str]) -> Credentials:
    def each(pairs: Headers) -> Headers:
        found = []
        for name, text in pairs:
            secret = next((f"${item}" for item in right.secrets if f"${item}" in text), "")
            found.append((name, text.replace(secret, change(secret)).rstrip() if secret else text))
        return tuple(found)

    return replace(right, headers=each(right.headers), query=each(right.query), cookies=each(right.cookies))


def _other_schemes(right: Credentials) -> Iterator[WrongKey]:
    """The right token behind another word, or behind none."""
    for at, (name, text) in enumerate(right.headers):
        word, _, secret = text.partition(" ")
        if name != "Authorization" or not secret:
            continue
        for other in ("", "Token ", "Basic " if word == "Bearer" else "Bearer "):
            headers = (*right.headers[:at], (name, other + secret), *right.headers[at + 1 :])
            told = f"the scheme is `{other.strip()}`" if other else "the scheme is missing"
            yield _wrong("scheme", told, replace(right, headers=headers))


def _misplaced(operation: Operation, right: Credentials) -> Iterator[WrongKey]:
    """The right key where it is not looked for."""
    wanted = next((schemes for schemes in operation.security if schemes), ())
    taken = {_looked_for(scheme) for group in operation.security for scheme in group}
    for found in _elsewhere(right, wanted[0]) if len(wanted) == 1 else ():
        given = found.given
        places = [("header", name) for name, _ in given.headers] + [("query", name) for name, _ in given.query]
        if taken.isdisjoint((place, name.lower()) for place, name in places):
            yield found


def _looked_for(scheme: SecurityScheme) -> tuple[str, str]:
    """Where a scheme's credentials stand."""
    return (scheme.location, scheme.parameter.lower()) if scheme.type == "apiKey" else ("header", "authorization")


def _elsewhere(right: Credentials, scheme: SecurityScheme) -> Iterator[WrongKey]:
    secret = f"${right.secrets[0]}"
    if scheme.type != "apiKey":
        yield _wrong("misplaced", "the token stands in the query", _only(right, query=(("access_token", secret),)))
        yield _wrong("misplaced", "the token stands in X-API-Key", _only(right, headers=(("X-API-Key", secret),)))
        return
    pair = ((scheme.parameter, secret),)
    if scheme.location != "query":
        yield _wrong("misplaced", "the key stands in the query", _only(right, query=pair))
    if scheme.location != "header":
        yield _wrong("misplaced", "the key stands in a header", _only(right, headers=pair))
    if scheme.location != "cookie":
        yield _wrong("misplaced", "the key stands in a cookie", _only(right, cookies=pair))
    bearer = (("Authorization", f"Bearer {secret}"),)
    yield _wrong("misplaced", "the key stands in Authorization", _only(right, headers=bearer))
    basic = (("Authorization", "Basic d3Jvbmc6d3Jvbmc="),)
    yield _wrong("scheme", "a login that the contract knows nothing of stands in Authorization", _only(right, basic))
    bare = (("Authorization", "Bearer"),)
    yield _wrong("scheme", "a word without a token stands in Authorization", _only(right, bare))


def _only(right: Credentials, headers: Headers = (), query: Headers = (), cookies: Headers = ()) -> Credentials:
    return Credentials(headers=headers, query=query, cookies=cookies, secrets=right.secrets)


def _without(right: Credentials, at: int) -> Credentials:
    name = right.secrets[at]

    def kept(pairs: Headers) -> Headers:
        return tuple(pair for pair in pairs if f"${name}" not in pair[1])

    return replace(right, headers=kept(right.headers), query=kept(right.query), cookies=kept(right.cookies))

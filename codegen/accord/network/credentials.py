"""Credentials of an operation, as `$NAME` placeholders that transport fills from the environment."""

import functools
from dataclasses import dataclass

from accord.contract import Operation, SecurityScheme, variable
from accord.exchange import Headers


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What a request carries to be let in: headers, query pairs, cookies, and the variables that hold the secrets."""

    headers: Headers = ()
    query: tuple[tuple[str, str], ...] = ()
    cookies: tuple[tuple[str, str], ...] = ()
    secrets: tuple[str, ...] = ()


def credentials(operation: Operation) -> Credentials:
    """The first documented way in that asks for something; nothing where nothing is asked."""
    wanted = next((schemes for schemes in operation.security if schemes), ())
    return _together(wanted)


def is_protected(operation: Operation) -> bool:
    """Whether a call without credentials must be refused."""
    return bool(operation.security) and () not in operation.security


@functools.lru_cache(maxsize=256)
def _together(schemes: tuple[SecurityScheme, ...]) -> Credentials:
    headers, query, cookies, secrets = [], [], [], []
    for scheme in schemes:
        name = variable(scheme)
        pair = (scheme.parameter, f"${name}")
        if scheme.type == "apiKey" and scheme.location == "query":
            query.append(pair)
        elif scheme.type == "apiKey" and scheme.location == "cookie":
            cookies.append(pair)
        elif scheme.type == "apiKey":
            headers.append(pair)
        elif scheme.type != "mutualTLS":
            word = "Basic" if scheme.scheme == "basic" else "Bearer"
            headers.append(("Authorization", f"{word} ${name}"))
        secrets.append(name)
    return Credentials(headers=tuple(headers), query=tuple(query), cookies=tuple(cookies), secrets=tuple(secrets))

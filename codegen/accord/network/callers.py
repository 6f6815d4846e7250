"""Who calls: headers and keys that the user gives, put into every case that does not try a wrong key."""

import os
import re
import shlex
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from accord.contract import Contract, Operation, SecurityScheme, variable
from accord.errors import AccordError, ConfigError
from accord.exchange import Case, Headers, mentions
from accord.findings import Unchecked
from accord.network import masking

NAMED = re.compile(r"\$\{?([A-Za-z_][A-Za-z0-9_]*)\}?")

EMBEDDED_KEY = "accord"
"""The key that the embedded service takes where the environment has none."""

TOKEN_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Headers to send with every request, values of `$NAME` that are not in the environment, and what to warn of.

    Of `headers`, those are `keys` that a security scheme of the contract is about.
    """

    headers: Headers = ()
    secrets: Mapping[str, str]
    public: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    keys: frozenset[str] = frozenset()


def schemes(contract: Contract) -> tuple[SecurityScheme, ...]:
    """Every security scheme that an operation wants, once."""
    found = {
        scheme.name: scheme for operation in contract.operations for group in operation.security for scheme in group
    }
    return tuple(found.values())


def from_options(
    contract: Contract, headers: Iterable[tuple[str, str]], token_command: str, *, embedded: bool
) -> Caller:
    """The caller that `--header`, `--token-command` and the environment describe.

    `$NAME` in a header's value is read from the environment when it is sent. The literal value of a header that holds a
    secret by its name works too, stands as `$NAME` in every report, and is warned of.
    """
    given = _Given({}, [], [], [])
    keyed = {scheme.parameter.lower() for scheme in schemes(contract) if scheme.location == "header"}
    for name, value in headers:
        _take(given, name, value, literal=name.lower() in keyed or bool(masking.SENSITIVE.search(name)))
    secrets = given.secrets
    if token_command:
        token = _token(token_command)
        others = (item for item in schemes(contract) if item.type not in {"apiKey", "mutualTLS"})
        secrets |= {variable(item): token for item in others}
    public = _embedded(contract, secrets) if embedded else {}
    return Caller(
        headers=tuple(given.headers),
        secrets={**public, **secrets},
        public=frozenset(public),
        names=tuple(dict.fromkeys(given.names)),
        warnings=tuple(given.warnings),
        keys=frozenset(map(_header, schemes(contract))),
    )


def _header(scheme: SecurityScheme) -> str:
    """The header, in lower case, that a scheme is about if it is about one."""
    return scheme.parameter.lower() if scheme.location == "header" else "authorization"


@dataclass(frozen=True, slots=True)
class _Given:
    secrets: dict[str, str]
    names: list[str]
    headers: list[tuple[str, str]]
    warnings: list[str]


def _take(given: _Given, name: str, value: str, *, literal: bool) -> None:
    found = NAMED.findall(value)
    if found:
        given.names.extend(found)
        given.headers.append((name, NAMED.sub(r"$\1", value)))
    elif literal:
        known = masking.name_for(name)
        prefix, _, given.secrets[known] = value.rpartition(" ")
        given.names.append(known)
        given.headers.append((name, f"{prefix} ${known}".lstrip()))
        given.warnings.append(
            f"`--header {name}` holds a secret, which the shell remembers: export {known}=… and write ${known}"
        )
    else:
        given.headers.append((name, value))


def _embedded(contract: Contract, secrets: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for scheme in schemes(contract):
        name = variable(scheme)
        if name not in secrets and not os.environ.get(name):
            found[name] = f"{EMBEDDED_KEY}:{EMBEDDED_KEY}" if scheme.scheme == "basic" else EMBEDDED_KEY
    return found


def _token(command: str) -> str:
    try:
        words = shlex.split(command)
        ended = subprocess.run(words, capture_output=True, text=True, timeout=TOKEN_SECONDS, check=True)
    except (OSError, ValueError, IndexError, subprocess.SubprocessError) as problem:
        raise ConfigError(f"The token command failed: {type(problem).__name__}; run it by itself to see why.") from None
    token = ended.stdout.strip()
    if not token or "\n" in token:
        raise ConfigError("The token command printed no token: let it print one line.")
    return token


def present(caller: Caller, operation: Operation, case: Case) -> Case:
    """`case` with the caller's headers, each in the place of one of the same name.

    A case that tries a wrong key keeps the headers of its security schemes as they are, made of the caller's own key.
    An operation that wants no key gets one only where the case is about that.
    """
    if not caller.headers:
        return case
    if case.part == "security":
        case = _of_own_key(caller, operation, case)
    kept = _security_headers(operation) if case.part == "security" else frozenset()
    if case.part == "security" and case.valid:
        own = {name.lower() for name, _ in case.request.headers} - {"authorization"}
        kept = caller.keys & own  # the key of another operation; beside what nobody asked for is the caller's own
    elif not operation.security:
        kept = caller.keys
    added = tuple((name, value) for name, value in caller.headers if name.lower() not in kept)
    replaced = {name.lower() for name, _ in added}
    headers = (*((name, value) for name, value in case.request.headers if name.lower() not in replaced), *added)
    texts = (case.request.url, *(value for _, value in headers))
    names = dict.fromkeys((*case.request.secrets, *caller.names))
    secrets = tuple(name for name in names if any(mentions(text, name) for text in texts))
    return replace(case, request=replace(case.request, headers=headers, secrets=secrets))


def _of_own_key(caller: Caller, operation: Operation, case: Case) -> Case:
    """`case` with the secret that a header of the caller holds in place of the one that this header stands for."""
    given = {name.lower(): value for name, value in caller.headers}
    request = case.request
    for scheme in (scheme for group in operation.security for scheme in group):
        value = given.get(_header(scheme), "")
        other = next((name for name in caller.names if f"${name}" in value), "")
        own = variable(scheme)
        if other and own in request.secrets:
            headers = tuple((name, _renamed(text, own, other)) for name, text in request.headers)
            secrets = tuple(other if name == own else name for name in request.secrets)
            request = replace(request, url=_renamed(request.url, own, other), headers=headers, secrets=secrets)
    return replace(case, request=request)


def _renamed(text: str, name: str, other: str) -> str:
    return text.replace(f"${name}", f"${other}").replace(f"${{{name}", f"${{{other}")


def _security_headers(operation: Operation) -> frozenset[str]:
    found = {"authorization"}
    for group in operation.security:
        found |= {scheme.parameter.lower() for scheme in group if scheme.location == "header"}
    return frozenset(found)


def keyed(caller: Caller, operation: Operation) -> Operation:
    """`operation` with the alternatives of its security whose keys are at hand, and those alone.

    Where none is, and no key is an alternative, it is the only one left; else AccordError names the variables.
    """
    overridden = {name.lower() for name, _ in caller.headers}
    wanted = [group for group in operation.security if group]
    known = [group for group in wanted if all(_has(scheme, caller, overridden) for scheme in group)]
    if known:
        rest = tuple(group for group in operation.security if group != known[0] and (not group or group in known))
        return replace(operation, security=(known[0], *rest))
    if not wanted:
        return operation
    if () in operation.security:
        return replace(operation, security=((),))
    names = dict.fromkeys(
        variable(scheme) for group in wanted for scheme in group if not _has(scheme, caller, overridden)
    )
    raise AccordError(
        f"`{operation.name}` wants a key that is in no environment variable: export {'=… or '.join(names)}=…."
    )


def unkeyed(operation: Operation, used: Operation) -> Iterator[Unchecked]:
    """The alternatives of the security of `operation` that `used`, the same with the keys at hand, is without."""
    for group in operation.security:
        if not group or group in used.security:
            continue
        names = " with ".join(f"`{scheme.name}`" for scheme in group)
        wanted = " ".join(f"{name}=…" for name in dict.fromkeys(map(variable, group)))
        reason = f"is an alternative for which no key is configured: export {wanted}"
        yield Unchecked(what=f"security {names}", reason=reason)


def _has(scheme: SecurityScheme, caller: Caller, overridden: set[str]) -> bool:
    name = variable(scheme)
    return _header(scheme) in overridden or bool(caller.secrets.get(name) or os.environ.get(name))

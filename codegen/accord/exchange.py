"""Exchange: one HTTP request and its response as plain data, and the case it was made from."""

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias
from urllib.parse import urlsplit

Headers = tuple[tuple[str, str], ...]


EXCUSED = "has no answer that the server owes: "
"""How the failure of an exchange begins whose missing answer is not known to be the server's fault."""

VARIANTS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {"%?": lambda secret: secret[:-1], "#?": lambda secret: secret[1:], "~~": str.swapcase}
)
"""What is almost the secret NAME, written `${NAME…}`: without its last or first character, in the other letter case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """An HTTP request. `url` is absolute, or a path with query before a base URL is known.

    A secret never stands in here: where one belongs, the text holds `$NAME` and `secrets` lists NAME, the environment
    variable that transport puts in at the moment of sending; `${NAME%?}` is one of the
    `VARIANTS` of it, which are almost right.
    """

    method: str
    url: str
    headers: Headers = ()
    body: bytes = b""
    secrets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An HTTP response; `elapsed` in seconds, the body decoded from its content coding, secrets as `$NAME`.

    `lost` says why the body is not the one that was sent, where a recording kept only a part of it, or none.
    """

    status: int
    reason: str = ""
    headers: Headers = ()
    body: bytes = b""
    elapsed: float = 0.0
    lost: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A request not yet sent, and what it is meant to be.

    A *valid* case conforms in every part. An *invalid* one has exactly one fault: `fault` names the keyword or practice
    that is broken (`type`, `required`, `method`, `malformed-json`, …), `part` the part of the request it is in (`body`,
    `query`, `header`, `cookie`, `path`, `media-type`, `method`, `security`) and `pointer` where in that part.
    Cases that are sent one after the other because they belong together share the name of their `sequence`.

    Of an invalid case that is `doubtful` the specifications leave it to the service whether to refuse it (a name
    written twice, a byte order mark, half a surrogate pair, nesting beyond any reader): to accept it breaks no promise,
    to fail over it does.
    """

    operation: str
    request: Request
    valid: bool
    fault: str = ""
    part: str = ""
    pointer: str = ""
    description: str = ""
    sequence: str = ""
    doubtful: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One round trip; without a response `failure` says what went wrong on the wire; `source` names the recording.

    `usual` is how many seconds answers of the operation usually take; 0 where that is not known.
    """

    request: Request
    response: Response | None
    case: Case | None = None
    failure: str = ""
    source: str = field(default="", compare=False)
    usual: float = field(default=0.0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Damaged:
    """An entry of a recording that is no exchange: where it stands, as `file:number`, and why."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Block:
    """The next lines of a recording as one text, each a bare JSON body, the last one whole too.

    `lost` says why the one line that stood here cannot be read.
    """

    text: bytes
    lost: str = ""


BODILESS = frozenset({204, 205, 304})
"""Statuses of answers that have no body."""

LONGEST_HEAD = 8_000
"""Bytes of URL and headers that every server should take (RFC 9110 section 4.1, RFC 9112 section 3)."""

SUCCESS = range(200, 300)
"""Statuses that say that a request was understood and accepted (RFC 9110 section 15.3)."""

CLIENT_ERRORS = range(400, 500)
"""Statuses that say that a request is refused for what it is (RFC 9110 section 15.5)."""

Line: TypeAlias = tuple[int, bytes] | Damaged
"""A bare JSON body and its number in the recording, or what could not be read."""


def header(headers: Headers, name: str) -> str | None:
    """The value of header `name`, several lines joined by commas (RFC 9110 section 5.3); None when absent."""
    wanted = name.lower()
    values = [value for key, value in headers if len(key) == len(name) and key.lower() == wanted]
    return ", ".join(values) if values else None


def mentions(text: str, name: str) -> bool:
    """Whether the secret `name` or a variant of it belongs into `text`."""
    return f"${name}" in text or f"${{{name}" in text


def path_of(url: str) -> str:
    """The path of `url`, still escaped; all of it where it cannot be read as a URL."""
    try:
        return urlsplit(url).path
    except ValueError:
        return url


def as_curl(request: Request, base_url: str = "") -> str:
    """A shell line that sends `request`; secrets are read from the environment by the shell."""
    words = ["curl", "--silent", "--show-error", "--include", "--globoff", "--path-as-is"]
    if request.method == "HEAD":
        words.append("--head")
    elif request.method != "GET" or request.body:
        words += ["--request", shlex.quote(request.method)]
    url = request.url if "://" in request.url else base_url.rstrip("/") + request.url
    words.append(_quote(url, request.secrets))
    for name, value in request.headers:
        if value.startswith("Basic ") and any(mentions(value, secret) for secret in request.secrets):
            words += ["--user", _quote(value.removeprefix("Basic "), request.secrets)]  # curl writes the base64
            continue
        text = f"{name}: {value}" if value else f"{name};"
        words += ["--header", _quote(text, request.secrets)]
    if request.body and header(request.headers, "Content-Type") is None:
        words += ["--header", "Content-Type:"]  # else curl claims a form
    if request.body:
        return _with_body(words, request.body)
    return " ".join(words)


def _with_body(words: list[str], body: bytes) -> str:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        text = ""
    if text.isprintable() and text and not text.startswith("@"):
        return " ".join([*words, "--data-raw", shlex.quote(text)])
    written = "".join(map(_printf, text)) or "".join(f"\\{byte:03o}" for byte in body)
    if written.startswith("-"):
        written = "\\055" + written[1:]  # else printf takes it for an option
    return f"printf '{written}' | " + " ".join([*words, "--data-binary", "@-"])


def _printf(char: str) -> str:
    """`char` as printf's format writes it between single quotes; what a terminal acts on in octal."""
    if char in {"\\", "%"}:
        return char * 2
    if char in {"\r", "\n"}:
        return "\\r" if char == "\r" else "\\n"
    if char.isprintable() and char != "'":
        return char
    return "".join(f"\\{byte:03o}" for byte in char.encode())


def _quote(text: str, secrets: tuple[str, ...]) -> str:
    if not any(mentions(text, name) for name in secrets):
        return shlex.quote(text)
    quoted = "".join("\\" + char if char in '\\"`$' else char for char in text)
    for name in secrets:
        for ending in VARIANTS:
            quoted = quoted.replace(f"\\${{{name}{ending}}}", _variant(name, ending))
        quoted = quoted.replace(f"\\${name}", f"${{{name}}}" if _followed_by_word(text, name) else f"${name}")
    return f'"{quoted}"'


def _variant(name: str, ending: str) -> str:
    """A variant as every shell writes it."""
    return f"${{{name}{ending}}}" if ending != "~~" else f'$(printf %s "${name}" | tr a-zA-Z A-Za-z)'


def _followed_by_word(text: str, name: str) -> bool:
    rest = text.partition(f"${name}")[2][:1]
    return rest.isalnum() or rest == "_"


def has_long_head(request: Request) -> bool:
    """Whether URL and headers of `request` have more than LONGEST_HEAD bytes."""
    return len(request.url) + sum(len(name) + len(value) for name, value in request.headers) > LONGEST_HEAD

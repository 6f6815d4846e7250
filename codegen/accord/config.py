"""`[tool.accord]` of pyproject.toml: what a project tells accord once."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from accord.document import nearest
from accord.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """What `[tool.accord]` says. `root` is the folder of the file, to which every path is relative.

    `contracts` are the documents, `generated` the folder of generated packages, `url` the service to fuzz (embedded
    when empty), `headers` sent with every request (`$NAME` from the environment), `values` real ids by name, `allow`
    operations that may change something on another host, `recordings` files of exchanges that `check` verifies,
    `examples` random cases per operation and `strength` and
    `plan_requests` (0: no limit) of the plan before them, `workers` that send at the same time,
    `timeout` seconds, `rate` requests a second (0: no limit), `max_requests` and `max_time` in all (0: no limit),
    `rates` and `budgets` the same for one operation, `hooks` by operation the Python callables that prepare and clean
    up (`setup`, `cleanup`: `module:function`), `extensions` a folder of own checks and
    formats, `diff` the table of that verb (`policy`: names).
    """

    root: Path
    source: str = ""
    contracts: tuple[str, ...] = ()
    generated: str = "generated"
    url: str = ""
    headers: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    allow: tuple[str, ...] = ()
    recordings: tuple[str, ...] = ()
    operations: tuple[str, ...] = ()
    examples: int = 100
    strength: int = 2
    plan_requests: int = 800
    workers: int = 1
    seed: int = 0
    timeout: float = 10.0
    rate: float = 0.0
    rates: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    max_requests: int = 0
    budgets: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    max_time: float = 0.0
    hooks: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    extensions: str = ""
    diff: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


def from_file(path: str | None = None, *, start: Path | None = None) -> Config:
    """The configuration in `path`, or in the nearest pyproject.toml with `[tool.accord]` at or above `start`.

    Without any, the defaults, rooted at `start` (the working directory). Raises ConfigError for what cannot be read, an
    unknown key or a value of the wrong type.
    """
    start = (start or Path.cwd()).resolve()
    if path is not None:
        return _read(Path(path), wanted=True) or Config(root=start)
    for folder in (start, *start.parents):
        found = _read(folder / "pyproject.toml", wanted=False)
        if found is not None:
            return found
    return Config(root=start)


def _read(path: Path, *, wanted: bool) -> Config | None:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        if wanted:
            raise ConfigError(f"{path}: there is no such file; name one with [tool.accord].") from None
        return None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read as TOML: {error}.") from None
    tool = data.get("tool")
    table = tool.get("accord") if isinstance(tool, dict) else None
    if table is None and not wanted:
        return None
    if not isinstance(table, dict):
        raise ConfigError(f"{path}: has no table [tool.accord]; add one.")
    return _config(path, table)


def _config(path: Path, table: Mapping[str, Any]) -> Config:
    given: dict[str, Any] = {}
    for key, value in table.items():
        if key not in _KEYS:
            near = nearest(key, _KEYS)
            hint = f"did you mean `{near}`?" if near else f"known are {', '.join(_KEYS)}."
            raise ConfigError(f"{path}: [tool.accord] has no key `{key}`; {hint}")
        wanted, fits = _KEYS[key]
        if not fits(value):
            raise ConfigError(f"{path}: `{key}` of [tool.accord] is {value!r}, which is not {wanted}; mend it.")
        given[key] = tuple(value) if isinstance(value, list) else value
    return Config(root=path.resolve().parent, source=str(path), **given)


def documents(config: Config, named: str | None = None) -> tuple[str, ...]:
    """The documents to work on, as paths from the working directory: `named`, or the configured ones, globs expanded.

    Raises ConfigError when there are none.
    """
    if named is not None:
        return (named,)
    found: list[str] = []
    for pattern in config.contracts:
        matches = (
            sorted(config.root.glob(pattern)) if any(char in pattern for char in "*?[") else [config.root / pattern]
        )
        found += [str(shown(path)) for path in matches]
    if not found:
        where = config.source or "pyproject.toml"
        raise ConfigError(f"{where}: no contract is configured; name a document, or add `contracts` to [tool.accord].")
    return tuple(dict.fromkeys(found))


def shown(path: Path) -> Path:
    """`path` from the working directory, when it is below it."""
    try:
        return path.relative_to(Path.cwd())
    except ValueError:
        return path


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_diff(value: Any) -> bool:
    return isinstance(value, dict) and not value.keys() - {"policy"} and _is_texts(value.get("policy", []))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0


def _is_table_of(fits: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, dict) and all(map(fits, value.values()))


def _is_hook(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() <= {"setup", "cleanup"}
        and all(isinstance(item, str) and ":" in item for item in value.values())
    )


_KEYS: Mapping[str, tuple[str, Callable[[Any], bool]]] = MappingProxyType(
    {
        "contracts": ("a list of texts", _is_texts),
        "generated": ("a text", _is_text),
        "url": ("a text", _is_text),
        "headers": ("a list of texts", _is_texts),
        "values": ("a table", lambda value: isinstance(value, dict)),
        "allow": ("a list of texts", _is_texts),
        "recordings": ("a list of texts", _is_texts),
        "operations": ("a list of texts", _is_texts),
        "examples": ("a whole number", _is_count),
        "seed": ("a whole number", _is_count),
        "timeout": ("a number", _is_number),
        "rate": ("a number", _is_number),
        "extensions": ("a text", _is_text),
        "strength": ("2 or 3", lambda value: value in {2, 3}),
        "plan_requests": ("a whole number", _is_count),
        "workers": ("a whole number", _is_count),
        "rates": ("a table of numbers by operation", _is_table_of(_is_number)),
        "max_requests": ("a whole number", _is_count),
        "budgets": ("a table of whole numbers by operation", _is_table_of(_is_count)),
        "max_time": ("a number", _is_number),
        "hooks": ("a table of tables with `setup` or `cleanup` by operation", _is_table_of(_is_hook)),
        "diff": ("a table with `policy`, a list of texts", _is_diff),
    }
)
"""Every key: what it must be, in words and as a test."""

"""A project's own checks and formats: one Python file each, in a folder that `[tool.accord]` names (`extensions`)."""

import importlib.util
from pathlib import Path
from types import ModuleType

from accord import checks
from accord.checks import Check
from accord.errors import ConfigError
from accord.schemas import formats
from accord.schemas.formats import Format

_known: dict[Path, tuple[str, ...]] = {}


def extend(folder: Path) -> tuple[str, ...]:
    """Add what every file of `folder` declares, under the file's name with hyphens; the names that were added.

    A file binds `CHECK = Check(...)` or `FORMAT = Format(...)`; one that begins with `_` is left out. A folder is read
    once. Raises ConfigError for a folder that is none, and for a file that fails, declares nothing, or takes a name.
    """
    folder = folder.resolve()
    if folder in _known:
        return _known[folder]
    if not folder.is_dir():
        raise ConfigError(f"`{folder}` is no folder: name one as `extensions` of [tool.accord].")
    files = sorted(path for path in folder.glob("*.py") if not path.name.startswith("_"))
    added = tuple(_added(path) for path in files)
    _known[folder] = added
    return added


def _added(path: Path) -> str:
    module = _loaded(path)
    name = path.stem.replace("_", "-")
    check, form = getattr(module, "CHECK", None), getattr(module, "FORMAT", None)
    if isinstance(check, Check):
        if name in checks.declared():
            raise ConfigError(f"{path}: accord has a check named `{name}`: rename the file.")
        checks.add(name, (module.__doc__ or "").strip(), check)
    elif isinstance(form, Format):
        if formats.is_known(name):
            raise ConfigError(f"{path}: accord has a format named `{name}`: rename the file.")
        wrong = next((text for text in form.examples if not form.fits(text)), None)
        if wrong is not None or not form.examples:
            raise ConfigError(f"{path}: a format needs examples that fit it, and {wrong!r} does not: mend them.")
        formats.add(name, form)
    else:
        raise ConfigError(f"{path}: declares nothing: bind `CHECK = Check(...)` or `FORMAT = Format(...)` in it.")
    return name


def _loaded(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"accord_extension_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ConfigError(f"{path}: cannot be imported; mend it.")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as problem:  # noqa: BLE001  a project's own code, whose trouble is told as its own
        raise ConfigError(f"{path}: raised {type(problem).__name__} when it was imported: {problem}.") from None
    return module

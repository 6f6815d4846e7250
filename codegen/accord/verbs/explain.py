"""explain: what a check, a fault or another declaration promises, from its own docstring."""

import importlib
import pkgutil
from collections.abc import Mapping

from accord.document import nearest
from accord.errors import AccordError

_KINDS = ("checks", "faults", "rules", "lints", "mutations")


def explain(name: str | None = None) -> str:
    """The documentation of the declaration `name`, or a list of all with their first sentences.

    Raises AccordError when nothing has that name.
    """
    known = {kind: _documented(kind) for kind in _KINDS}
    if name is None:
        blocks = [_listed(kind, docs) for kind, docs in known.items() if docs]
        return "\n".join(blocks)
    found = [f"{name} ({kind})\n\n{docs[name]}\n" for kind, docs in known.items() if name in docs]
    if not found:
        near = nearest(name, [item for docs in known.values() for item in docs])
        hint = f"did you mean `{near}`?" if near else "`accord explain` lists what there is."
        raise AccordError(f"nothing is named `{name}`; {hint}")
    return "\n".join(found)


def _documented(kind: str) -> Mapping[str, str]:
    try:
        package = importlib.import_module(f"accord.{kind}")
    except ModuleNotFoundError:
        return {}
    names = sorted(info.name for info in pkgutil.iter_modules(package.__path__))
    modules = {name: importlib.import_module(f"accord.{kind}.{name}") for name in names}
    return {name.replace("_", "-"): (module.__doc__ or "").strip() for name, module in modules.items()}


def _listed(kind: str, docs: Mapping[str, str]) -> str:
    width = max(map(len, docs))
    lines = [f"  {name:<{width}}  {' '.join(doc.split(chr(10) * 2)[0].split())}" for name, doc in docs.items()]
    return "\n".join([kind, *lines, ""])

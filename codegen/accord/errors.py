"""What the user must change before accord can run."""

from typing import ClassVar


class AccordError(Exception):
    """One sentence that says what is wrong and what to change; the command line prints it and exits 2."""

    exit_code: ClassVar[int] = 2


class DocumentError(AccordError):
    """A document cannot be read, or says something no contract can be made of."""

    def __init__(self, uri: str, problem: str, *, pointer: str = "", remedy: str = "") -> None:
        """Build the sentence `uri#pointer: problem; remedy`."""
        self.uri = uri
        self.pointer = pointer
        where = f"{uri}#{pointer}" if pointer else uri
        ending = "?" if remedy.startswith("did you mean") else "."
        super().__init__(f"{where}: {problem}" + (f"; {remedy}" if remedy else "") + ending)


class ConfigError(AccordError):
    """`[tool.accord]`, an option or an environment variable holds something accord cannot use."""


class UnreachableError(AccordError):
    """The other side did not answer at all."""

    exit_code: ClassVar[int] = 3

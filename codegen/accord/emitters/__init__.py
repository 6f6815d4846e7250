"""Emitters: Contract → source text, one file of a generated package each."""

from collections.abc import Callable
from dataclasses import dataclass

from accord.contract import Contract
from accord.findings import Unchecked


@dataclass(frozen=True, slots=True, kw_only=True)
class Emitted:
    """The text of one generated file, not yet formatted; what could not be written, and counts for the summary."""

    text: str
    ledger: tuple[Unchecked, ...] = ()
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Emitter:
    """One file of a generated package: its name, its `version` (raised when its output changes), and how it is written.

    `emit(contract, package)` gets the name of the package it writes for.
    """

    file: str
    version: int
    emit: Callable[[Contract, str], Emitted]

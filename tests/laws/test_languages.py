"""Patterns compared as languages: a proof has no counterexample, and a text that is named is one."""

import itertools
import random
from collections import Counter

import pytest

from accord.proof.languages import of_length, one_of, unmatched
from accord.schemas.joining import matches

TEXTS = ["".join(text) for length in range(5) for text in itertools.product("ab0c\n", repeat=length)]
PARTS = ("a", "b", "[ab]", "[^a]", ".", r"\d", "0", r"\w", "c", r"\s")
TIMES = ("*", "+", "?", "{2}", "{1,3}", "{0,2}", "{2,}", "*?")


def pattern(rng, depth=3):
    kind = rng.random()
    if depth == 0 or kind < 0.3:
        return rng.choice(PARTS)
    one, other = pattern(rng, depth - 1), pattern(rng, depth - 1)
    made = (one + other, f"(?:{one}|{other})", f"({one}){rng.choice(TIMES)}", f"^{one}", f"{one}$", f"(?:{one}|^)")
    return rng.choices(made, weights=(3, 3, 3, 2, 2, 1))[0]


def test_what_is_decided_of_two_patterns_holds_for_every_short_text():
    rng, found = random.Random(7), Counter()
    for _ in range(600):
        narrow = pattern(rng)
        wide = rng.choice((pattern(rng), narrow + rng.choice(("", "?", "|c"))))
        told = unmatched(narrow, wide)
        found[type(told)] += 1
        if isinstance(told, str):
            assert matches(narrow, told), (narrow, wide, told)
            assert not matches(wide, told), (narrow, wide, told)
        if told is False:
            assert [text for text in TEXTS if matches(narrow, text) and not matches(wide, text)] == [], (narrow, wide)
    assert min(found[bool], found[str]) > 100


@pytest.mark.parametrize(
    ("narrow", "wide", "told"),
    [
        (r"^\d+$", "^[0-9]+$", False),
        ("^(a|b)$", "^[ab]$", False),
        ("^[a-z]{1,20}$", "^[a-z0-9_]{1,30}$", False),
        (r"^\S+$", of_length(1, None), False),
        ("^a{2}$", one_of(["aa", "b*"]), False),
        (r"^b\*$", one_of(["aa", "b*"]), False),
        ("a", "^a", "0a"),
        ("", "^.*$", "\n"),
        ("^[^a]$", "^[^ab]$", "b"),
        ("^bb$", one_of(["aa", "b*"]), "bb"),
        ("^(?!x)", "y", None),
        (r"\bx", "x", None),
        (r"^\p{L}+$", "a", None),
        (r"^[\S]$", "a", None),
        ("^^a", "a", None),
        ("(", "a", None),
        ("(a|b)*a(a|b){12}", "^[ab]*$", None),
    ],
)
def test_two_patterns_are_told_apart_by_the_shortest_text_or_not_at_all(narrow, wide, told):
    assert unmatched(narrow, wide) == told

"""Seeded pairs of schemas over all keywords, values to try on them, and a brute-force search for a counterexample."""

import copy
import itertools
import json
import re

import jsonschema_rs

SCALARS = (None, True, False, 0, 1, 2, 3, 4, 5, 6, 7, 10, -1, -2, 0.5, 1.5, 2.5, 0.25, "", "a", "b", "c", "ab", "ba", "abc", "abcd", "0", "A", "aa", "1", "12",
           "2000-01-01", "192.0.2.1", "6f1c1b3e-8f0a-4c59-9d52-0f4f7f5b2a11")  # fmt: skip
LISTS = tuple(
    [list(pair) for pair in itertools.product((0, 0.5, "a", None, [], {}), repeat=2)]
    + [[], [0], ["a"], [None], [0.5], [[]], [{}], [0, 1, 2], [1, 1, 1], ["a", "a", "b"]]
)
ROWS = itertools.product(("-", 0, "a", None, 0.5), ("-", 1, "ab", {}), ("-", [0], {"a": 1}))
OBJECTS = (
    *({key: value for key, value in zip("abc", row, strict=True) if value != "-"} for row in ROWS),
    *({"d": 0}, {"d": "a"}, {"d": None}, {"a": 0, "d": 0}, {"a": "a", "d": {}}, {"ab": 0}, {"ab": "a", "a": 0}),
    *({"c": {"c": {}}}, {"c": {"a": "a"}}, {"c": {"a": 0.5}}),
)
POOL = (*SCALARS, *LISTS, *OBJECTS)

DEFS = {
    "Node": {"type": "object", "properties": {"a": {"type": "integer"}, "c": {"$ref": "#/$defs/Node"}}},
    "Tree": {"type": "array", "items": {"$ref": "#/$defs/Tree"}, "maxItems": 2},
    "Either": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"$ref": "#/$defs/Either"}}]},
    "Base": {
        "type": "object",
        "properties": {"a": {"type": "string"}, "b": {"type": ["integer", "null"]}},
        "required": ["a"],
    },
    "Text": {"type": "string", "minLength": 1},
}
PATTERNS = ("^a", "b$", "^[ab]+$", "^.{2}$", "[0-9]", ".*", "^(a|b)$", "^a*$")
FORMATS = ("date", "ipv4", "uuid", "password", "unknown", "int32")
TYPES = ["null", "boolean", "integer", "number", "string", "array", "object"]
VALUES = [None, 0, 1, "a", "b", True, 0.5, "ab", [], {}, [0], {"a": 0}, 2, 1.0]


def number(rng):
    found = {"type": rng.choice(["number", "integer", "integer"])}
    for key in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
        if rng.random() < 0.25:
            found[key] = rng.choice([0, 1, 2, 3, 5, -1, 0.5])
    if rng.random() < 0.2:
        found["multipleOf"] = rng.choice([1, 0.5, 2, 3, 0.25, 4])
    if rng.random() < 0.05:
        found["format"] = rng.choice(["int32", "int64", "float"])
    return found


def text(rng):
    found = {"type": "string"}
    for key in ("minLength", "maxLength"):
        if rng.random() < 0.25:
            found[key] = rng.choice([0, 1, 2, 3])
    if rng.random() < 0.2:
        found["pattern"] = rng.choice(PATTERNS)
    if rng.random() < 0.15:
        found["format"] = rng.choice(FORMATS)
    return found


def scalar(rng):
    kind = rng.choice(["number", "number", "text", "text", "enum", "type", "const", "any", "boolean"])
    if kind == "number":
        return number(rng)
    if kind == "text":
        return text(rng)
    if kind == "enum":
        return {"enum": rng.sample(VALUES, rng.randint(1, 4))}
    if kind == "type":
        return {"type": rng.sample(TYPES, rng.randint(1, 3))}
    if kind == "boolean":
        return {"type": "boolean"}
    return (
        {"const": rng.choice(VALUES)}
        if kind == "const"
        else rng.choice([{}, True, {"not": scalar(rng)}, {"type": "string", "minLength": 2, "maxLength": 1}])
    )


def array(rng, depth):
    found = {"type": "array"}
    if rng.random() < 0.8:
        found["items"] = schema(rng, depth - 1)
    for key in ("minItems", "maxItems"):
        if rng.random() < 0.25:
            found[key] = rng.randint(0, 2)
    if rng.random() < 0.2:
        found["prefixItems"] = [schema(rng, 0) for _ in range(rng.randint(1, 2))]
        if rng.random() < 0.3:
            found["items"] = False
    if rng.random() < 0.15:
        found["uniqueItems"] = True
    if rng.random() < 0.12:
        found["contains"] = scalar(rng)
        if rng.random() < 0.4:
            found[rng.choice(["minContains", "maxContains"])] = rng.randint(0, 2)
    if rng.random() < 0.05:
        found["unevaluatedItems"] = rng.choice([False, scalar(rng)])
    return found


def members(rng, depth):  # noqa: C901  a keyword a line
    names = rng.sample("abc", rng.randint(0, 3))
    found = {"type": "object"}
    if names:
        found["properties"] = {name: schema(rng, depth - 1) for name in names}
    if rng.random() < 0.4:
        found["required"] = rng.sample("abc", rng.randint(1, 2))
    if rng.random() < 0.3:
        found["additionalProperties"] = rng.choice([False, False, True, {"type": "integer"}, schema(rng, 0)])
    for key in ("minProperties", "maxProperties"):
        if rng.random() < 0.1:
            found[key] = rng.randint(0, 2)
    if rng.random() < 0.12:
        found["patternProperties"] = {rng.choice(["^a", "b$", "^d", "^x-"]): schema(rng, 0)}
    if rng.random() < 0.08:
        found["propertyNames"] = rng.choice(
            [{"pattern": "^[abc]$"}, {"maxLength": 1}, {"enum": ["a", "b"]}, {"minLength": 1}]
        )
    if rng.random() < 0.08:
        found["dependentRequired"] = {rng.choice("abc"): [rng.choice("abc")]}
    if rng.random() < 0.06:
        found["dependentSchemas"] = {
            rng.choice("abc"): rng.choice([{"required": ["b"]}, {"properties": {"b": scalar(rng)}}])
        }
    if rng.random() < 0.06:
        found["unevaluatedProperties"] = rng.choice([False, scalar(rng)])
    return found


def composed(rng, depth):
    kind = rng.choice(["allOf", "anyOf", "oneOf", "not", "if", "beside", "closed"])
    if kind in {"allOf", "anyOf", "oneOf"}:
        return {kind: [schema(rng, depth - 1) for _ in range(rng.randint(1, 3))]}
    if kind == "not":
        return {"not": schema(rng, depth - 1)}
    if kind == "if":
        found = {"if": schema(rng, 0)}
        found |= {key: schema(rng, depth - 1) for key in ("then", "else") if rng.random() < 0.7}
        return found
    if kind == "beside":
        found = members(rng, depth)
        found[rng.choice(["allOf", "anyOf", "oneOf"])] = [members(rng, depth - 1) for _ in range(rng.randint(1, 2))]
        return found
    return {"allOf": [{"$ref": "#/$defs/Base"}, members(rng, depth - 1)], "unevaluatedProperties": False}


def schema(rng, depth=2):
    kind = rng.choice(
        ["scalar", "scalar", "object", "object", "object", "array", "array", "composed", "composed", "ref"]
    )
    if kind == "ref":
        found = {"$ref": "#/$defs/" + rng.choice(sorted(DEFS))}
        return found | ({"title": "t"} if rng.random() < 0.2 else {})
    if depth <= 0 or kind == "scalar":
        return scalar(rng)
    return {"object": members, "array": array, "composed": composed}[kind](rng, depth)


def altered(rng, source, times=None):
    """`source` with one to three edits somewhere inside."""
    for _ in range(times or rng.choice([1, 1, 2, 3])):
        source = edited(rng, source)
    return source


def edited(rng, source):  # noqa: C901  a kind of edit a line
    if not isinstance(source, dict) or not source or rng.random() < 0.08:
        return schema(rng, 1)
    inside = [
        key
        for key in source
        if key in {"items", "not", "if", "then", "else", "additionalProperties", "contains", "unevaluatedProperties"}
        and isinstance(source[key], dict)
    ]
    inside += [
        key
        for key in source
        if key in {"properties", "patternProperties", "dependentSchemas", "allOf", "anyOf", "oneOf", "prefixItems"}
        and source[key]
    ] * 2
    if inside and rng.random() < 0.65:
        key = rng.choice(inside)
        value = source[key]
        if isinstance(value, list):
            at = rng.randrange(len(value))
            if rng.random() < 0.2:
                return {
                    **source,
                    key: rng.choice([value[:at] + value[at + 1 :] or value, [*value, schema(rng, 0)], value[::-1]]),
                }
            return {**source, key: [edited(rng, part) if at == index else part for index, part in enumerate(value)]}
        if key in {"properties", "patternProperties", "dependentSchemas"}:
            name = rng.choice(sorted(value))
            if key == "properties" and rng.random() < 0.2:
                rest = {other: part for other, part in value.items() if other != name}
                return {**source, key: rng.choice([rest, {**value, rng.choice("abcd"): schema(rng, 0)}])}
            return {**source, key: {**value, name: edited(rng, value[name])}}
        return {**source, key: edited(rng, value)}
    how = rng.choice(["drop", "drop", "add", "add", "tweak", "tweak", "wrap", "split"])
    if how == "drop":
        key = rng.choice(sorted(source))
        return {name: part for name, part in source.items() if name != key}
    if how == "add":
        kinds = source.get("type", "object")
        kind = kinds if isinstance(kinds, str) else rng.choice(kinds)
        more = {"object": lambda: members(rng, 1), "array": lambda: array(rng, 1), "string": lambda: text(rng)}.get(
            kind, lambda: number(rng)
        )()
        more.pop("type")
        return {**dict(rng.sample(sorted(more.items(), key=str), min(1, len(more)))), **source}
    if how == "tweak":
        return tweaked(rng, source)
    if how == "wrap":
        return rng.choice(
            [
                {"allOf": [source]},
                {"anyOf": [source, scalar(rng)]},
                {"oneOf": [source]},
                {"anyOf": [source, {"type": "null"}]},
                {"not": {"not": source}},
                {"allOf": [source, scalar(rng)]},
            ]
        )
    keys = sorted(source)
    rng.shuffle(keys)
    half = len(keys) // 2
    return {
        "allOf": [{key: source[key] for key in sorted(keys[:half])}, {key: source[key] for key in sorted(keys[half:])}]
    }


def tweaked(rng, source):
    key = rng.choice(sorted(source))
    value = source[key]
    if isinstance(value, int | float) and not isinstance(value, bool) and key != "const":
        moved = value + rng.choice([1, -1])
        return {**source, key: moved if moved > 0 or key.endswith(("imum",)) else value}
    if key == "enum":
        return {**source, key: rng.choice([value[1:] or value, [*value, rng.choice(VALUES)], value[::-1]])}
    if key == "type":
        kinds = [value] if isinstance(value, str) else value
        return {**source, key: rng.choice([[*kinds, "null"], kinds, rng.choice(TYPES), [*kinds, "integer"]])}
    if key == "required":
        return {**source, key: rng.choice([value[1:], [*value, rng.choice("abc")]])}
    if key == "pattern":
        return {**source, key: rng.choice(PATTERNS)}
    if key == "const":
        return rng.choice([{**source, key: rng.choice(VALUES)}, {"enum": [value, rng.choice(VALUES)]}])
    if isinstance(value, bool):
        return {**source, key: not value}
    return source


def cleaned(source):
    """`source` with doubled names of `type`, `enum` and `required` written once."""
    if isinstance(source, dict):
        return {
            key: _once(value)
            if key in {"type", "enum", "required"} and isinstance(value, list)
            else {n: cleaned(p) for n, p in value.items()}
            if key in {"properties", "patternProperties", "dependentSchemas"}
            else value
            if key in {"const", "dependentRequired"}
            else cleaned(value)
            for key, value in source.items()
        }
    return [cleaned(part) for part in source] if isinstance(source, list) else source


def _once(values):
    found = {json.dumps(1 if v == 1.0 and not isinstance(v, bool) else v): v for v in values}
    return list(found.values())


def pair(rng):
    """An outer and an inner schema, and the definitions of each."""
    inner = schema(rng)
    outer = altered(rng, inner)
    defs = copy.deepcopy(DEFS)
    if rng.random() < 0.25:
        name = rng.choice(sorted(defs))
        defs[name] = edited(rng, defs[name])
    outer, inner, defs = cleaned(outer), cleaned(inner), cleaned(defs)
    if rng.random() < 0.5:
        return (outer, inner), (defs, DEFS)
    return (inner, outer), (DEFS, defs)


def whole(part, defs):
    return {**(part if isinstance(part, dict) else {} if part else {"not": {}}), "$defs": defs}


def judge(part, defs):
    return jsonschema_rs.Draft202012Validator(whole(part, defs), validate_formats=True)


def draw(rng, part, defs, depth=4):  # noqa: C901, PLR0912  a keyword a line
    """A value that `part` may hold; nothing promises it."""
    if not isinstance(part, dict) or depth < 0 or rng.random() < 0.03:
        return copy.deepcopy(rng.choice(POOL))
    if "$ref" in part:
        return draw(rng, defs[part["$ref"].rpartition("/")[2]], defs, depth - 1)
    if "const" in part:
        return part["const"]
    if part.get("enum"):
        return rng.choice(part["enum"])
    options = [item for key in ("anyOf", "oneOf") for item in part.get(key, ())] + [
        part[key] for key in ("then", "else", "if") if key in part
    ]
    options += part.get("allOf", [])
    if "not" in part and isinstance(part["not"], dict):
        options.append(part["not"])
    kinds = part.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if options and (not kinds or rng.random() < 0.5):
        value = draw(rng, rng.choice(options), defs, depth - 1)
        if isinstance(value, dict) and len(options) > 1:
            other = draw(rng, rng.choice(options), defs, depth - 1)
            if isinstance(other, dict) and rng.random() < 0.6:
                value = {**value, **other}
        if isinstance(value, dict) and "properties" in part:
            value = {**value, **_members(rng, part, defs, depth)}
        return value
    kind = rng.choice(kinds or ["object", "array", "number", "string", "null"])
    if kind == "object":
        return _members(rng, part, defs, depth)
    if kind == "array":
        prefix = part.get("prefixItems", [])
        length = rng.choice([part.get("minItems", 0), part.get("maxItems", 1), 0, 1, 2, 3])
        return [
            draw(
                rng,
                prefix[i] if i < len(prefix) else part.get(rng.choice(["items", "items", "contains"]), True),
                defs,
                depth - 1,
            )
            for i in range(length)
        ]
    if kind == "string":
        length = part.get("minLength", 0), part.get("maxLength", 3)
        return rng.choice(
            [
                rng.choice(SCALARS[18:]),
                "".join(rng.choice("ab01") for _ in range(rng.randint(min(length), max(length)))),
            ]
        )
    if kind in {"number", "integer"}:
        near = [
            part[key]
            for key in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
            if key in part
        ] or [0]
        return rng.choice(near) + rng.choice([0, 0, 1, -1, 0.5, -0.5, 0.25, 2, 3])
    return {"null": None, "boolean": rng.random() < 0.5}.get(kind)


def _members(rng, part, defs, depth):
    named = part.get("properties", {})
    names = [name for name in named if rng.random() < 0.6] + [
        name for name in part.get("required", ()) if rng.random() < 0.95
    ]
    extra = [rng.choice(["a", "b", "c", "d", "ab", "x-y"])] if rng.random() < 0.3 else []
    found = {}
    for name in dict.fromkeys((*names, *extra)):
        rest = part.get("additionalProperties", part.get("unevaluatedProperties", True))
        pattern = next((p for k, p in part.get("patternProperties", {}).items() if k.strip("^$") in name), rest)
        found[name] = draw(rng, named.get(name, pattern), defs, depth - 1)
    return found


def counterexample(rng, sides, definitions, count=300, keep=None):
    """A value of the inner schema that the outer one refuses; None (wrapped) when none turned up."""
    (outer, inner), (wide, narrow) = sides, definitions
    reader, writer = judge(outer, wide), judge(inner, narrow)
    for value in itertools.chain(
        POOL, (draw(rng, part, defs) for _ in range(count // 2) for part, defs in ((inner, narrow), (outer, wide)))
    ):
        if writer.is_valid(value) and not reader.is_valid(value) and (keep is None or keep(value)):
            return (value,)
    return None


def declares(part, value, defs, *, alone=True):
    """Whether `value` has no property but such as `part` declares where it stands, maps included.

    A map that stands among other parts may belong to an alternative that `value` does not take: `alone` leaves it out.
    """
    return _declares([part], value, defs, alone)


def _declares(parts, value, defs, alone):
    every = list(_in_place(parts, defs))
    if any(value in part.get("enum", [part.get("const")]) for part in every):
        return True
    if isinstance(value, list):
        inner = [
            [*part.get("prefixItems", [])][i : i + 1]
            + [part[k] for k in ("items", "contains", "unevaluatedItems") if k in part]
            for i in range(len(value))
            for part in every
        ]
        below = [
            [p for group in inner[i * len(every) : (i + 1) * len(every)] for p in group] for i in range(len(value))
        ]
        return all(_declares(found, item, defs, alone) for found, item in zip(below, value, strict=True))
    if not isinstance(value, dict):
        return True
    named = {
        n
        for part in every
        for n in (*part.get("properties", ()), *part.get("required", ()), *part.get("dependentSchemas", ()))
    }
    named |= {n for part in every for k, needed in part.get("dependentRequired", {}).items() for n in (k, *needed)}
    for name, item in value.items():
        found = [part["properties"][name] for part in every if name in part.get("properties", ())]
        maps = [p for part in every for k, p in part.get("patternProperties", {}).items() if re.search(k, name)]
        maps += [
            part[k]
            for part in every
            for k in ("additionalProperties", "unevaluatedProperties")
            if isinstance(part.get(k), dict)
            and part[k]
            and (k, True) != ("unevaluatedProperties", "additionalProperties" in part)
        ]
        if name not in named and not (maps and (not alone or len(every) == 1)):
            return False
        if not _declares(found + maps, item, defs, alone):
            return False
    return True


def _in_place(parts, defs):
    stack, seen = list(parts), set()
    while stack:
        part = stack.pop()
        if not isinstance(part, dict):
            continue
        yield part
        if "$ref" in part and part["$ref"] not in seen:
            seen.add(part["$ref"])
            stack.append(defs[part["$ref"].rpartition("/")[2]])
        for key in ("allOf", "anyOf", "oneOf"):
            stack += part.get(key, [])
        stack += [part[key] for key in ("not", "if", "then", "else") if key in part] + list(
            part.get("dependentSchemas", {}).values()
        )

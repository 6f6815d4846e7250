"""What checks say of lists and of the place of a new thing: where they speak, and where nobody can tell."""

import json
from dataclasses import replace

import pytest

from accord import checks
from accord.contract import Body, Contract, MediaType, Operation, Parameter, Response
from accord.document import Document
from accord.exchange import Case, Exchange, Request
from accord.exchange import Response as Answer
from accord.findings import Finding

ITEM = {
    "type": "object",
    "properties": {
        "id": {"type": "integer"},
        "kind": {"type": "string", "enum": ["a", "b", "c"]},
        "name": {"type": "string"},
        "stars": {"type": "integer"},
        "price": {"type": "number"},
        "open": {"type": ["boolean", "null"]},
        "owner_id": {"type": "string"},
        "size": {"type": "integer"},
        "version": {"type": "integer"},
        "archived": {"type": "boolean"},
        "tags": {"type": "array", "items": {"type": "string", "enum": ["a"]}},
    },
}
LIST = {"type": "array", "items": ITEM}
PAGE = {"type": "object", "properties": {"items": LIST, "total": {"type": "integer"}, "kind": {"type": "string"}}}
TWO = {"type": "object", "properties": {"items": LIST, "others": LIST}}
KIND = ITEM["properties"]["kind"]
WHOLE = {"type": "integer"}
TEXT = {"type": "string"}


def query(**schemas: dict) -> tuple[Parameter, ...]:
    return tuple(Parameter(name=name, location="query", schema=schema) for name, schema in schemas.items())


def told(name: str, text: str, schema: dict) -> tuple[Parameter, ...]:
    return (Parameter(name=name, location="query", schema=schema, description=text),)


def listing(parameters: tuple[Parameter, ...], schema: dict = LIST, path: str = "/things") -> Operation:
    medium = MediaType(name="application/json", schema=schema, pointer="/r")
    return Operation(
        method="GET",
        path=path,
        parameters=parameters,
        responses=(Response(status="2XX", content=(medium,), pointer="/s"), Response(status="404", pointer="/e")),
        servers=("https://api.example.com/v1",),
    )


def asked(url: str, value: object, status: int = 200, *, method: str = "GET", valid: bool = True, **more: str):
    headers = (("Content-Type", "application/json"), *((name.replace("_", "-"), text) for name, text in more.items()))
    request = Request(method=method, url=url)
    response = Answer(status=status, headers=headers, body=json.dumps(value).encode())
    fault = {} if valid else {"part": "query", "fault": "type"}
    case = Case(operation=f"{method} {url.partition('?')[0]}", request=request, valid=valid, **fault)
    return Exchange(request=request, response=response, case=case)


def found(operation: Operation, *exchanges: Exchange) -> list[Finding]:
    contract = Contract(document=Document(uri="c", data={}, text="{}"), operations=(operation,))
    *earlier, last = exchanges
    return list(checks.run(contract, operation, last, tuple(earlier)).findings)


def codes(operation: Operation, *exchanges: Exchange) -> list[tuple[str, str, str]]:
    return [(item.code, str(item.severity), item.pointer) for item in found(operation, *exchanges)]


THREE = [{"id": 1, "kind": "a"}, {"id": 2, "kind": "b"}, {"id": 3}]


@pytest.mark.parametrize("name", ["limit", "per_page", "pageSize", "page[size]", "maxResults"])
def test_a_list_with_more_items_than_its_bound_is_told(name):
    parameters = (Parameter(name=name, location="query", schema=WHOLE),)
    written = name.replace("[", "%5B").replace("]", "%5D")
    assert codes(listing(parameters), asked(f"/things?{written}=2", THREE)) == [("list-limit", "error", "")]
    assert codes(listing(parameters), asked(f"/things?{written}=3", THREE)) == []


@pytest.mark.parametrize(
    ("parameters", "schema", "url", "value"),
    [
        (query(limit=WHOLE), LIST, "/things?limit=0", THREE),
        (query(limit=WHOLE), LIST, "/things?limit=-1", THREE),
        (query(limit=WHOLE), LIST, "/things?limit=1&limit=5", THREE),
        (query(limit=TEXT), LIST, "/things?limit=1", THREE),
        (query(limit={**WHOLE, "minimum": 5}), LIST, "/things?limit=1", THREE),
        (query(limit=WHOLE, per_page=WHOLE), LIST, "/things?limit=1&per_page=5", THREE),
        (query(size=WHOLE, page=WHOLE), LIST, "/things?size=1", THREE[2:] * 2),
        (query(count=WHOLE), LIST, "/things?count=1", THREE),
        (told("limit", "How many items per group.", WHOLE), LIST, "/things?limit=1", THREE),
        (query(limit=WHOLE), TWO, "/things?limit=1", {"items": THREE}),
    ],
)
def test_a_bound_says_nothing_where_it_may_mean_something_else(parameters, schema, url, value):
    assert codes(listing(parameters, schema), asked(url, value)) == []


def test_a_bound_is_held_where_pages_are_spoken_of_and_in_the_one_array_of_an_object():
    page = {"items": THREE, "total": 3}
    assert codes(listing(query(count=WHOLE, offset=WHOLE)), asked("/things?count=1", THREE)) == [("list-limit", "error", "")]  # fmt: skip
    assert codes(listing(query(limit=WHOLE), PAGE), asked("/things?limit=1", page)) == [("list-limit", "error", "/items")]  # fmt: skip
    refused = codes(listing(query(limit=WHOLE), PAGE), asked("/things?limit=1", page, valid=False))
    assert [code for code, _, _ in refused] == ["invalid-accepted"]


@pytest.mark.parametrize(
    ("schema", "url", "items", "severity"),
    [
        ({"kind": KIND}, "kind=a", THREE, "error"),
        ({"kind": {"type": "array", "items": KIND}}, "kind=a&kind=c", THREE, "error"),
        ({"open": {"type": "boolean"}}, "open=true", [{"open": False}], "error"),
        ({"open": {"type": "boolean"}}, "open=false", [{"open": True}], "warning"),
        ({"owner_id": TEXT}, "owner_id=7", [{"owner_id": "8"}], "error"),
        ({"stars": WHOLE}, "stars=4", [{"stars": 5}], "warning"),
    ],
)
def test_an_item_that_was_not_asked_for_is_told(schema, url, items, severity):
    (name,) = schema
    operation = listing(query(**schema))
    assert codes(operation, asked(f"/things?{url}", items)) == [("list-filter", severity, f"/*/{name}")]


@pytest.mark.parametrize(
    ("parameters", "url", "items"),
    [
        (query(kind=KIND), "kind=a", [{"kind": "a"}, {}, {"id": 1}]),
        (query(kind={"type": "array", "items": KIND}), "kind=a&kind=b", THREE),
        (query(open={"type": "boolean"}), "open=true", [{"open": None}]),
        (query(owner_id=TEXT), "owner_id=AB", [{"owner_id": "ab"}]),
        (query(owner_id=TEXT), "owner_id=", [{"owner_id": "ab"}]),
        (query(owner_id=TEXT), "owner_id=%20", [{"owner_id": "ab"}]),
        (query(owner_id=TEXT), "owner_id=me", [{"owner_id": "ab"}]),
        (query(kind={"type": "string", "enum": ["a", "all"]}), "kind=all", THREE),
        (query(stars=WHOLE), "stars=0", [{"stars": 2}]),
        (query(archived={"type": "boolean"}), "archived=true", [{"archived": False}]),
        (query(name=TEXT), "name=a", [{"name": "an"}]),
        (query(price={"type": "number"}), "price=1", [{"price": 2}]),
        (query(version=WHOLE), "version=1", [{"version": 2}]),
        (query(kind=TEXT), "kind=a", THREE),
        (told("kind", "All but this kind: exclude it.", KIND), "kind=a", THREE),
        (told("stars", "At least so many.", WHOLE), "stars=1", [{"stars": 2}]),
    ],
)
def test_a_filter_is_silent_where_it_is_kept_or_may_mean_something_else(parameters, url, items):
    assert codes(listing(parameters), asked(f"/things?{url}", items)) == []


def test_an_array_that_is_part_of_a_thing_is_no_list_to_be_filtered():
    operation = listing(query(kind=KIND), PAGE, "/things/{id}")
    assert codes(operation, asked("/things/7?kind=a", {"items": THREE})) == []
    assert codes(listing(query(kind=KIND), PAGE), asked("/things?kind=a", {"items": THREE})) == []


PAGED = listing(query(limit=WHOLE, offset=WHOLE, page=WHOLE, cursor=TEXT))
ALL, ONE = asked("/things", THREE), asked("/things?limit=1", THREE[:1])


def at(page: str, items: list) -> Exchange:
    return asked(f"/things?limit=1&{page}", items)


@pytest.mark.parametrize(
    ("exchanges", "speaks"),
    [
        ([ALL, at("offset=1", THREE[:1]), ONE, at("offset=1", THREE[:1])], True),
        ([ALL, at("page=2", THREE[:1]), ONE, at("page=2", THREE[:1])], True),
        ([at("cursor=x", THREE[:1]), ONE, at("cursor=x", THREE[:1])], False),
        ([ALL, at("offset=1", THREE[1:2]), ONE, at("offset=1", THREE[1:2])], False),
        ([ALL, at("offset=1", THREE[:1]), ONE, at("offset=1", THREE[1:2])], False),
        ([ALL, at("offset=1", THREE[1:2]), ONE, at("offset=1", THREE[:1])], False),
        ([ALL, at("offset=1", THREE[:1]), asked("/things?limit=1", THREE[1:2]), at("offset=1", THREE[:1])], False),
        ([ALL, at("offset=1", []), asked("/things?limit=1", []), at("offset=1", [])], False),
        ([ALL, at("offset=0", THREE[:1]), ONE, at("offset=0", THREE[:1])], False),
        ([ALL, at("page=1", THREE[:1]), ONE, at("page=1", THREE[:1])], False),
        ([asked("/things", THREE[:2]), at("page=2", THREE[:1]), ONE, at("page=2", THREE[:1])], False),
        ([asked("/things", THREE[:1]), at("offset=1", THREE[:1]), ONE, at("offset=1", THREE[:1])], False),
        ([ALL, at("offset=1", [{"kind": "a"}]), asked("/things?limit=1", [{"kind": "a"}]), at("offset=1", [{"kind": "a"}])], False),
        ([ALL, ONE, at("offset=1", THREE[:1])], False),
        ([ALL, at("offset=1", THREE[:1]), asked("/things", {}, 201, method="POST"), ONE, at("offset=1", THREE[:1])], False),
    ],
)  # fmt: skip
def test_another_page_with_the_same_things_is_told_only_where_it_cannot_be_otherwise(exchanges, speaks):
    told = [item for item in codes(PAGED, *exchanges) if item[0] == "list-page"]
    assert told == ([("list-page", "error", "/*/id")] if speaks else [])


@pytest.mark.parametrize(("cursor", "speaks"), [("x", True), ("y", False)])
def test_a_cursor_that_no_answer_has_named_may_begin_anew(cursor, speaks):
    page = {"items": THREE[:1], "next_cursor": "x"}
    first, other = asked("/things?limit=1", page), asked(f"/things?limit=1&cursor={cursor}", page)
    told = [code for code, *_ in codes(listing(query(limit=WHOLE, cursor=TEXT), PAGE), other, first, other)]
    assert ("list-page" in told) is speaks


def counted(items: list, total: int) -> dict:
    return {"items": items, "total": total}


COUNTED = {"type": "object", "properties": {"items": LIST, "total": {"type": "integer"}, "next": TEXT}}
SOUGHT = query(limit=WHOLE, offset=WHOLE, page=WHOLE, cursor=TEXT, kind=KIND, archived={"type": "boolean"})
SEEKING = listing(SOUGHT, COUNTED)
DEEP = Parameter(
    name="filter", location="query", style="deepObject", schema={"type": "object", "properties": {"kind": KIND}}
)
EVERY = asked("/things", counted(THREE, 3))
STEADY = [EVERY] * 4
TURNED = asked("/things", counted(THREE[::-1], 3))


@pytest.mark.parametrize(
    ("exchanges", "speaks"),
    [
        ([EVERY, asked("/things?kind=b", counted([], 0))], ["/items"]),
        ([EVERY, asked("/things?kind=b", counted(THREE[1:2], 1))], []),
        ([EVERY, asked("/things?kind=c", counted([], 0))], []),
        ([EVERY, asked("/things?archived=true", counted([], 0))], []),
        ([EVERY, asked("/things?kind=b", counted(THREE[1:2], 3))], ["/total"]),
        ([EVERY, asked("/things?limit=1", counted(THREE[:1], 1))], ["/total"]),
        ([EVERY, asked("/things?limit=1", counted(THREE[:1], 3))], []),
        ([EVERY, asked("/things?kind=b&limit=1", counted(THREE[1:2], 3))], []),
        ([*STEADY, asked("/things?limit=1&offset=1", counted(THREE[2:], 3))], ["/items"]),
        ([EVERY, asked("/things?limit=1&offset=1", counted(THREE[2:], 3))], []),
        ([*STEADY, TURNED, asked("/things?limit=1&offset=1", counted(THREE[2:], 3))], []),
        ([*STEADY, asked("/things?limit=1&offset=2", counted([], 3))], ["/items"]),
        ([*STEADY, asked("/things?limit=1", counted(THREE[1:2], 3)), asked("/things?limit=1&offset=1", counted(THREE[2:], 3))], []),
        ([*STEADY, asked("/things?limit=1&offset=3", counted([], 3))], []),
        ([*STEADY, asked("/things?limit=1&page=2", counted(THREE[1:2], 3))], []),
        ([*STEADY, asked("/things?limit=2&page=2", counted(THREE[2:], 3))], []),
        ([*STEADY, asked("/things?limit=1&cursor=x", counted(THREE[2:], 3))], []),
        (
            [
                *STEADY,
                asked("/things?limit=1", {**counted(THREE[:1], 3), "next": "x"}),
                asked("/things?limit=1&cursor=x", counted(THREE[2:], 3)),
            ],
            ["/items"],
        ),
        ([EVERY, asked("/things", {}, 201, method="POST"), asked("/things?kind=b", counted([], 0))], []),
        ([asked("/things", {"id": 4}, 201, method="POST"), asked("/things", counted([], 0))], ["/items"]),
        ([asked("/things", {"id": 4}, 202, method="POST"), asked("/things", counted([], 0))], []),
    ],
)  # fmt: skip
def test_a_list_is_told_to_disagree_with_itself_only_where_it_cannot_be_otherwise(exchanges, speaks):
    told = [(code, at) for code, _, at in codes(SEEKING, *exchanges) if code == "list-whole"]
    assert told == [("list-whole", at) for at in speaks]


def test_a_total_that_a_header_says_or_the_contract_calls_an_estimate_is_heard():
    plain = asked("/things", THREE, X_Total_Count="3")
    part = asked("/things?limit=1", THREE[:1], X_Total_Count="1")
    assert codes(listing(query(limit=WHOLE)), plain, part) == [("list-whole", "error", "/headers/X-Total-Count")]
    total = {"type": "integer", "description": "Approximate."}
    vague = {**PAGE, "properties": {**PAGE["properties"], "total": total}}
    assert codes(listing(query(limit=WHOLE), vague), EVERY, asked("/things?limit=1", counted(THREE[:1], 1))) == []


def test_the_properties_of_an_object_in_the_query_are_filters():
    wrong, lacking = asked("/things?filter%5Bkind%5D=b", THREE[:1]), asked("/things?filter%5Bkind%5D=b", [])
    assert codes(listing((DEEP,)), wrong) == [("list-filter", "error", "/*/kind")]
    assert codes(listing((DEEP,)), asked("/things", THREE), lacking) == [("list-whole", "error", "")]


def test_a_bound_is_told_from_a_property_of_its_name_that_is_no_number():
    sized = {"type": "array", "items": {"type": "object", "properties": {"size": {"type": "array"}}}}
    operation = listing(query(size=WHOLE, page=WHOLE), sized)
    assert codes(operation, asked("/things?size=1", [{"size": [1]}, {"size": [2]}])) == [("list-limit", "error", "")]


READ = listing((Parameter(name="id", location="path", required=True, schema=WHOLE),), ITEM, "/things/{id}")


def made(location: str, value: object, status: int = 201) -> Exchange:
    return asked("/things", value, status, method="POST", Location=location)


@pytest.mark.parametrize(
    ("first", "then", "expected"),
    [
        (made("/things/7", {"id": 7}), asked("/things/7", {"id": 7}), []),
        (made("https://api.example.com/v1/things/7", {"id": 7}), asked("/things/7", {"id": 7}), []),
        (made("/things/8", {"id": 7}), asked("/things/8", None, 404), [("location", "error", "")]),
        (made("/things/8", {"id": 7}), asked("/things/8", {"id": 8}), [("location", "error", "/id")]),
        (made("/things/8", {"id": 7}, 202), asked("/things/8", None, 404), [("location", "warning", "")]),
        (made("/things/8", {"id": 7}, 202), asked("/things/8", {"id": 8}), []),
        (made("/things/8", {}), asked("/things/8", {"id": 8}), []),
        (made("http://elsewhere.test/things/8", {"id": 7}), asked("/things/8", None, 404), [("read-back", "error", "")]),
        (made("/things/7", {"id": 7}), asked("/things/9", None, 404), []),
    ],
)  # fmt: skip
def test_the_place_that_an_answer_names_has_what_was_made(first, then, expected):
    assert codes(READ, first, then) == expected


@pytest.mark.parametrize(
    ("url", "location", "count"),
    [
        ("/things", "/things/7", 0),
        ("/things", "https://api.example.com/v1/things/7", 0),
        ("/things", "http://localhost:8080/things/7", 0),
        ("/things", "http://backend:8080/things/7", 1),
        ("https://staging.test/things", "https://staging.test/things/7", 0),
        ("https://staging.test/things", "https://other.invalid/things/7", 1),
    ],
)
def test_a_place_on_a_host_of_which_nobody_knows_is_a_warning(url, location, count):
    schema = MediaType(name="application/json", schema=ITEM, pointer="/r")
    answers = (Response(status="201", content=(schema,), pointer="/s"),)
    operation = Operation(method="POST", path="/things", responses=answers, servers=("https://api.example.com/v1",))
    exchange = asked(url, {"id": 7}, 201, method="POST", Location=location)
    assert codes(operation, exchange) == [("location", "warning", "/headers/Location")] * count


def test_a_page_of_a_list_that_names_things_twice_is_told_where_another_one_was_seen():
    page = listing(query(limit=WHOLE, offset=WHOLE))
    every = [{"id": 1}, {"id": 5}, {"id": 1}]
    first = asked("/things?limit=1", every[:1])

    def turned(offset: int) -> list[tuple[str, str, str]]:
        same = asked(f"/things?limit=1&offset={offset}", every[:1])
        return codes(page, asked("/things", every), same, first, same)

    assert turned(1) == [("list-page", "error", "/*/id")]
    assert turned(2) == []


BELOW = listing(
    (Parameter(name="owner_id", location="path", schema=TEXT, required=True),), path="/owners/{owner_id}/things"
)


def made(url: str, said: dict, item: dict) -> Exchange:
    given = asked(url, item, 201, method="POST")
    request = replace(given.request, headers=(("Content-Type", "application/json"),), body=json.dumps(said).encode())
    return replace(given, request=request)


@pytest.mark.parametrize(
    ("made_at", "said", "items", "found"),
    [
        ("/owners/a/things", {}, [{"id": 1}], [("list-scope", "error", "/*/id")]),
        ("/owners/b/things", {}, [{"id": 1}], []),
        ("/owners/a/things", {}, [{"id": 1, "name": "another"}], []),
        ("/things", {"owner_id": "a"}, [{"id": 7, "owner_id": "a"}], [("list-scope", "warning", "/*/owner_id")]),
        ("/things", {"owner_id": "a"}, [{"id": 7, "owner_id": "c"}, {"id": 1}], []),
        ("/things", {"owner_id": "b"}, [{"id": 7, "owner_id": "b"}], []),
        ("/things", {}, [{"id": 7, "owner_id": "a"}], []),
    ],
)
def test_a_list_below_one_thing_has_nothing_that_was_made_for_another(made_at, said, items, found):
    item = {"id": 1, "name": "text"}
    assert codes(BELOW, made(made_at, said, item), asked("/owners/b/things", items)) == found


def test_two_things_that_were_made_have_two_places():
    making = Operation(method="POST", path="/things", responses=(Response(status="2XX", pointer="/s"),))

    def answers(*pairs: tuple[int, str]) -> list[tuple[str, str, str]]:
        return codes(
            making, *(asked("/things", {"id": name}, 201, method="POST", Location=place) for name, place in pairs)
        )

    assert answers((1, "/things/1"), (2, "/things/1")) == [("location", "error", "/headers/Location")]
    assert answers((1, "/things/1"), (2, "/things/2")) == []
    assert answers((1, "/things/1"), (1, "/things/1")) == []
    assert answers((1, "/jobs"), (2, "/jobs")) == []


LINKED = listing(query(limit=WHOLE, page=WHOLE, kind=KIND, stars=WHOLE))


@pytest.mark.parametrize(
    ("url", "link", "pointers"),
    [
        ("/things?page=2", '</things?page=3>; rel="next"', []),
        ("/things?page=2", '</things?page=2>; rel="next"', ["/headers/Link"]),
        ("/things?page=2", "</things?page=2>; rel=next", ["/headers/Link"]),
        ("/things?page=2", '</things?page=2>; rel="last", </things?page=3>; rel="next"', []),
        ("/things?page=2", '</things?page=1>; rel="prev"', []),
        ("/things", '</things?page=1>; rel="next"', []),
        ("/things?kind=a", '</things?page=2&kind=a>; rel="next"', []),
        ("/things?kind=a", '</things?page=2>; rel="next"', ["/headers/Link"]),
        ("/things?kind=a&limit=1", '</things?page=2&kind=a>; rel="next"', []),
        ("/things?kind=a", '</things?after=k7>; rel="next"', []),
        ("/things?kind=z", '</things?page=2>; rel="next"', []),
    ],
)
def test_a_link_to_the_next_page_leads_on_in_the_same_list(url, link, pointers):
    told = codes(LINKED, asked(url, [{"id": 1, "kind": "a"}], Link=link))
    assert [pointer for code, _, pointer in told if code == "next-page"] == pointers


def page(url: str, ids: list[int], cursor: str | None):
    return asked(url, {"items": [{"id": item} for item in ids], "next": cursor})


@pytest.mark.parametrize(
    ("earlier", "last", "pointers"),
    [
        ([page("/things", [1, 2], "x")] * 2, page("/things?cursor=x", [3], None), []),
        ([page("/things", [1, 2], "x")] * 2, page("/things?cursor=x", [2], None), ["/items"]),
        ([page("/things", [1, 2], "x")] * 2, page("/things?cursor=x", [1, 2], "x"), ["/items"]),
        ([page("/things", [1, 2], "x")], page("/things?cursor=x", [2], None), []),
        ([page("/things", [1, 2], "x"), page("/things", [2, 1], "x")], page("/things?cursor=x", [2], None), []),
        ([page("/things", [1, 2], "y")] * 2, page("/things?cursor=x", [2], None), []),
        ([page("/things?limit=2", [1, 2], "x")] * 2, page("/things?cursor=x", [2], None), []),
        ([page("/things", [1, 2], "x")] * 2, page("/things?cursor=x", [], "x"), []),
    ],
)
def test_a_page_that_an_answer_names_as_the_next_one_repeats_nothing(earlier, last, pointers):
    schema = {"type": "object", "properties": {"items": LIST, "next": {"type": ["string", "null"]}}}
    operation = listing(query(limit=WHOLE, cursor=TEXT), schema)
    told = codes(operation, *earlier, last)
    assert [pointer for code, _, pointer in told if code in {"next-page", "list-page"}] == pointers


ENDING = {**PAGE, "properties": {**PAGE["properties"], "next": {"type": ["string", "null"]}}}
ENDS = listing(query(limit=WHOLE, offset={"type": "integer", "minimum": 0}), ENDING)


@pytest.mark.parametrize(("total", "speaks"), [(3, True), (1, False), (None, False)])
def test_a_first_page_has_as_many_items_as_it_has_room_for_by_its_own_count(total, speaks):
    page = {"items": [{"id": 1}], **({} if total is None else {"total": total})}
    assert codes(ENDS, asked("/things?limit=5", page)) == [("list-limit", "warning", "/items")] * speaks


@pytest.mark.parametrize(("total", "following", "speaks"), [(2, "x", True), (3, "x", False), (2, None, False)])
def test_the_page_with_the_last_of_all_items_names_no_next_one(total, following, speaks):
    page = {"items": [{"id": 2}], "total": total, "next": following}
    assert codes(ENDS, asked("/things?limit=1&offset=1", page)) == [("next-page", "error", "/next")] * speaks


@pytest.mark.parametrize(("whole", "speaks"), [([1, 2], True), ([1], False)])
def test_a_page_of_a_longer_list_names_a_next_one(whole, speaks):
    before = asked("/things", {"items": [{"id": number} for number in whole], "next": None})
    now = asked("/things?limit=1", {"items": [{"id": 1}], "next": None})
    assert codes(ENDS, before, now) == [("next-page", "warning", "/next")] * speaks


@pytest.mark.parametrize(("owners", "speaks"), [("ab", True), ("aa", False), ("bb", False), ("bc", True)])
def test_items_that_say_that_they_belong_to_several_are_no_list_of_one(owners, speaks):
    below = replace(
        listing((Parameter(name="owner_id", location="path", schema=TEXT),), path="/owners/{owner_id}/things")
    )
    now = asked("/owners/a/things", [{"id": at, "owner_id": owner} for at, owner in enumerate(owners)])
    assert codes(below, now) == [("list-scope", "error", "/*/owner_id")] * speaks


@pytest.mark.parametrize(("count", "speaks"), [(3, True), (2, False)])
def test_a_list_grows_by_one_when_one_thing_is_made(count, speaks):
    made = asked("/things", {"id": 2}, 201, method="POST")
    now = asked("/things", [{"id": number} for number in range(1, count + 1)])
    assert codes(listing(()), asked("/things", [{"id": 1}]), made, now) == [("list-made", "warning", "")] * speaks


@pytest.mark.parametrize(
    ("before", "url", "speaks"), [(True, "kind=a", True), (False, "kind=a", False), (True, "page=9", False)]
)
def test_a_list_in_which_nothing_fits_is_empty_and_not_missing(before, url, speaks):
    earlier = [asked("/things", [{"id": 1}])] if before else []
    now = asked(f"/things?{url}", {}, 404)
    told_ = codes(listing(query(kind=KIND, page=WHOLE)), *earlier, now)
    assert told_ == [("valid-refused", "error", "")] * speaks


def test_what_is_sent_to_one_item_of_a_list_is_in_the_answer_about_the_whole_and_what_is_deleted_is_not():
    path = "/carts/{cart}/things/{owner_id}"
    places = tuple(Parameter(name=name, location="path", schema=TEXT) for name in ("cart", "owner_id"))
    put = replace(
        listing(places, PAGE, path), method="PUT", body=Body(content=(MediaType(name="application/json", schema=ITEM),))
    )
    given = asked(
        "/carts/1/things/a", {"items": [{"owner_id": "a", "size": 2}, {"owner_id": "b", "size": 3}]}, method="PUT"
    )

    def sent(size: int) -> Exchange:
        body = json.dumps({"size": size}).encode()
        request = replace(given.request, headers=(("Content-Type", "application/json"),), body=body)
        return replace(given, request=request, case=replace(given.case, request=request))

    assert codes(put, sent(2)) == []
    assert codes(put, sent(3)) == [("echo", "warning", "/items")]
    delete = replace(put, method="DELETE", body=None)
    gone = asked("/carts/1/things/c", {"items": [{"owner_id": "a"}]}, method="DELETE")
    assert codes(delete, gone) == []
    left = asked("/carts/1/things/a", {"items": [{"owner_id": "a"}]}, method="DELETE")
    assert codes(delete, left) == [("list-deleted", "warning", "/items/*/owner_id")]


@pytest.mark.parametrize(
    ("place", "speaks"), [("/owners/x", True), ("/things/7", False), ("/v2/things/x", False), ("/jobs/3", False)]
)
def test_a_place_that_ends_in_the_id_of_what_the_new_thing_names_is_not_its_own(place, speaks):
    post = replace(listing((), ITEM), method="POST")
    made = asked("/things", {"id": 7, "owner_id": "x"}, 201, method="POST", Location=place)
    assert codes(post, made) == [("location", "warning", "/headers/Location")] * speaks

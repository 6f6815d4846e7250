"""A document becomes one contract, or one sentence says why not."""

from pathlib import Path

import pytest

from accord import contract as nouns
from accord.document import Document, at
from accord.errors import AccordError, DocumentError
from accord.loading import load

SHARED = Path(__file__).parents[3] / "shared"


def document(data) -> Document:
    return Document(uri="d.yaml", data=data, text="")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"swagger": "2.0"}, "d.yaml: is Swagger 2.0, which accord does not read; convert it to OpenAPI 3.0 or 3.1 first."),
        ({"openapi": "3.2.0"}, 'd.yaml: is OpenAPI "3.2.0", which accord does not read; write it in OpenAPI 3.1.'),
        ({"openapi": 4}, 'd.yaml: is OpenAPI "4", which accord does not read; write `openapi: 3.1.0` or convert it.'),
        ([], "d.yaml: is no OpenAPI document: it has no `openapi` at its root; name one that starts with `openapi: 3.1.0`."),
    ],
)  # fmt: skip
def test_another_kind_of_document_is_refused_with_what_to_do(data, message):
    with pytest.raises(DocumentError) as caught:
        load(document(data))
    assert str(caught.value) == message


SHOP = {
    "openapi": "3.0.3",
    "info": {"title": "Shop", "version": 2},
    "servers": [{"url": "https://{region}.shop/v1", "variables": {"region": {"default": "eu"}}}],
    "security": [{"key": []}],
    "paths": {
        "x-note": 1,
        "/orders/{id}": {
            "parameters": [
                {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}},
                {"name": "page", "in": "query", "schema": {"type": "integer"}},
            ],
            "put": {
                "operationId": "change",
                "parameters": [
                    {"$ref": "#/components/parameters/Page"},
                    {"name": "Authorization", "in": "header", "schema": {"type": "string"}},
                ],
                "requestBody": {"$ref": "#/components/requestBodies/Order"},
                "responses": {"200": {"$ref": "#/components/responses/Order"}, "4xx": {"description": "d"}, "default": {}},
                "security": [{"key": []}, {}],
            },
        },
    },
    "components": {
        "parameters": {"Page": {"name": "page", "in": "query", "required": True, "schema": {"type": "string"}}},
        "requestBodies": {
            "Order": {"required": True, "content": {"Application/JSON": {"schema": {"$ref": "#/components/schemas/Order"}}}}
        },
        "responses": {
            "Order": {
                "headers": {"X-Left": {"schema": {"type": "integer"}}, "content-type": {}},
                "content": {
                    "application/json": {
                        "schema": {"$ref": "#/components/schemas/Order"},
                        "examples": {"a": {"value": {"id": 1}}, "b": {"externalValue": "x"}},
                    }
                },
            }
        },
        "schemas": {
            "Order": {"type": "object", "properties": {"id": {"type": "integer", "readOnly": True}}},
            "Lonely": {"type": "string"},
        },
        "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Shop-Key"}},
    },
}  # fmt: skip


def test_an_operation_is_read_whole():
    shop = load(document(SHOP))
    (operation,) = shop.operations
    key = nouns.SecurityScheme(
        name="key", type="apiKey", location="header", parameter="X-Shop-Key", pointer="/components/securitySchemes/key"
    )
    assert (shop.title, shop.version, shop.servers) == ("Shop", "2", ("https://eu.shop/v1",))
    assert operation.name == "PUT /orders/{id}"
    assert operation.operation_id == "change"
    assert [(item.name, item.location, item.required, item.schema["type"]) for item in operation.parameters] == [
        ("id", "path", True, "integer"),
        ("page", "query", True, "string"),
    ]
    assert operation.body.required
    (media_type,) = operation.body.content
    assert media_type.name == "application/json"
    assert media_type.schema == {"$ref": "#/$defs/OrderRequest", "$defs": shop.definitions}
    assert [response.status for response in operation.responses] == ["200", "4XX", "default"]
    ok = operation.responses[0]
    assert [header.name for header in ok.headers] == ["X-Left"]
    assert ok.content[0].examples == ({"id": 1},)
    assert ok.content[0].pointer == "/components/responses/Order/content/application~1json"
    assert operation.security == ((key,), ())
    assert sorted(shop.definitions) == ["Lonely", "Order", "OrderRequest"]
    assert shop.request_views == {"Order": "OrderRequest"}
    assert [entry.what for entry in shop.ledger] == ["parameter"]
    assert nouns.locate(shop, ok.content[0].pointer, "/$defs/OrderRequest/properties/id") == (
        "d.yaml",
        "/components/schemas/Order/properties/id",
    )


def test_a_response_is_found_by_status_then_range_then_default():
    (operation,) = load(document(SHOP)).operations
    found = [nouns.response_for(operation, status).status for status in (200, 404, 500)]
    assert found == ["200", "4XX", "default"]


def test_naming_operations_limits_the_contract_to_them_and_their_schemas():
    assert sorted(load(document(SHOP), operations=["change"]).definitions) == ["Order", "OrderRequest"]
    with pytest.raises(AccordError) as caught:
        load(document(SHOP), operations=["PUT /order/{id}"])
    assert str(caught.value) == ("d.yaml: no operation is named `PUT /order/{id}`; did you mean `PUT /orders/{id}`?")


def test_what_is_malformed_costs_itself_and_is_named():
    data = {
        "openapi": "3.1.0",
        "paths": {"/a": {"get": {"parameters": [{"in": "query"}], "responses": {"200": 3}}}, "/b": None},
    }
    contract = load(document(data))
    assert [operation.name for operation in contract.operations] == ["GET /a"]
    assert [(entry.what, entry.reason) for entry in contract.ledger] == [
        ("info", "is missing: title and version are not known (d.yaml#)"),
        ("parameter", "has no `name` or no known `in`, and is not checked (d.yaml#/paths/~1a/get/parameters/0)"),
        ("entry", "is no object, and is not checked (d.yaml#/paths/~1a/get/responses/200)"),
        ("entry", "is no object, and is not checked (d.yaml#/paths/~1b)"),
    ]


def test_a_reference_that_leads_back_to_itself_is_refused():
    data = {"openapi": "3.1.0", "paths": {"/a": {"$ref": "#/paths/~1b"}, "/b": {"$ref": "#/paths/~1a"}}}
    with pytest.raises(DocumentError) as caught:
        load(document(data))
    assert str(caught.value) == "d.yaml#/paths/~1a: `$ref` leads back to itself."


def test_path_items_in_another_file_keep_their_place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text("openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths:\n  /x: {$ref: 'x.yaml#/item'}\n")
    Path("x.yaml").write_text(
        "item:\n  get:\n    responses:\n      '200':\n        content:\n          application/json:\n"
        "            schema: {$ref: '#/Thing'}\nThing: {type: object, properties: {again: {$ref: '#/Thing'}}}\n"
    )
    contract = load("a.yaml")
    media_type = contract.operations[0].responses[0].content[0]
    assert media_type.schema == {"$ref": "#/$defs/Thing", "$defs": contract.definitions}
    assert contract.definitions == {"Thing": {"type": "object", "properties": {"again": {"$ref": "#/$defs/Thing"}}}}
    assert nouns.locate(contract, media_type.pointer, "/schema") == (
        "x.yaml",
        "/item/get/responses/200/content/application~1json/schema",
    )
    assert set(contract.documents) == {"a.yaml", "x.yaml"}


@pytest.mark.parametrize("name", ["upstream/118_2026-04-15_aa69643e.json", "recordings/openai/openapi.json"])
def test_a_real_document_is_read_whole_and_every_definition_has_its_place(name):
    path = SHARED / name
    if not path.exists():
        pytest.skip("the shared documents are not here")
    contract = load(str(path))
    paths = contract.document.data["paths"].values()
    methods = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
    assert len(contract.operations) == sum(len(methods & item.keys()) for item in paths)
    assert set(contract.document.data["components"]["schemas"]) <= set(contract.definitions)
    assert [
        at(contract.document.data, origin.pointer) for origin in contract.origins.values()
    ]  # KeyError: leads nowhere
    assert contract.origins.keys() == contract.definitions.keys()

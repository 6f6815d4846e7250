"""The replies that a fault spoils, and every fault with the promise it breaks."""

from collections.abc import Mapping

from .mischief import CRASHES, KEPT, Alter, attribute, changed, on, status, text_of, whole, without

READS = ("getItem", "createItem", "replaceItem", "changeItem")
CUSTOMERS = ("createCustomer", "getCustomer", "changeCustomer")
ORDERS = ("placeOrder", "getOrder", "cancelOrder")

REPLIES: Mapping[str, tuple[str, Alter]] = {
    "price-as-text": ("response-body", changed(*READS, price=str)),
    "bare-list": ("resembles-nothing", whole("listItems")(lambda value: value["items"])),
    "null-for-no-tags": ("response-body", whole(*READS)(lambda value: value if value.get("tags") else {**value, "tags": None})),
    "no-version-after-change": ("response-body", whole("changeItem")(lambda value: {name: item for name, item in value.items() if name != "version"})),
    "status-in-capitals": ("response-body", changed(*ORDERS, status=str.upper)),
    "local-date": ("response-body", changed(*ORDERS, placed_at=lambda text: f"{text[8:10]}.{text[5:7]}.{text[:4]} {text[11:16]}")),
    "item-in-list-lacks-price": ("response-body", whole("listItems")(lambda value: {**value, "items": [{key: part for key, part in item.items() if key != "price"} for item in value["items"]]})),
    "one-line-no-list": ("response-body", changed(*ORDERS, lines=lambda value: value[0] if len(value) == 1 else value)),
    "no-attributes-as-list": ("response-body", changed(*READS, attributes=lambda value: value or [])),
    "total-as-text": ("response-body", changed("listItems", total=str)),
    "version-zero": ("response-body", changed("createItem", version=lambda _value: 0)),
    "cancelled-misspelt": ("response-body", changed("cancelOrder", status=lambda _value: "canceled")),
    "next-is-a-link": ("response-body", changed("listItems", next=lambda value: value and f"/items?offset={value}")),
    "problem-of-another-shape": ("response-body", attribute(status(400), value=lambda _reply: {"error": "no"})),
    "problem-of-404-is-text": ("content-type", attribute(status(404), kind="text/plain", raw=b"not found")),
    "html-for-404": ("content-type", attribute(status(404), kind="text/html", raw=b"<h1>404</h1>")),
    "html-for-reviews": ("content-type", attribute(on("listReviews"), kind="text/html", raw=b"<ul></ul>")),
    "order-as-text": ("content-type", attribute(on("getOrder"), kind="text/plain")),
    "latin-charset": ("content-type", attribute(on("getCustomer"), kind="application/json; charset=iso-8859-1")),
    "no-media-type": ("content-type", attribute(on("getCart"), kind="")),
    "total-is-nan": ("strict-json", attribute(on("fillCart"), raw=lambda reply: text_of(reply).replace('"total": ', '"total": NaN, "was": ').encode())),
    "long-list-cut": ("strict-json", attribute(lambda call, reply: call.operation == "listItems" and len(text_of(reply)) > 1000, raw=lambda reply: text_of(reply)[:1000].encode())),
    "total-twice": ("strict-json", attribute(on("listItems"), raw=lambda reply: ('{"total": 0, ' + text_of(reply)[1:]).encode())),
    "starts-with-bom": ("strict-json", attribute(on("listOrders"), raw=lambda reply: b"\xef\xbb\xbf" + text_of(reply).encode())),
    "two-documents": ("strict-json", attribute(on("cancelOrder"), raw=lambda reply: (text_of(reply) * 2).encode())),
    "wrapped-in-data": ("resembles-nothing", whole("getCustomer", "changeCustomer")(lambda value: {"data": value})),
    "job-instead-of-order": ("resembles-nothing", whole("placeOrder")(lambda _value: {"job": "8f2a", "state": "queued"})),
    "nothing-is-200": ("resembles-nothing", attribute(lambda call, reply: call.operation == "getItem" and reply.status == 404, status=200, value=lambda _reply: {}, kind="application/json", headers=lambda _reply: {"ETag": '"0"'})),
    "created-is-200": ("status-code", attribute(on("createItem"), status=200)),
    "deleted-is-200": ("status-code", attribute(on("deleteItem"), status=200)),
    "cancel-is-202": ("status-code", attribute(on("cancelOrder"), status=202)),
    "refusal-is-418": ("status-code", attribute(status(400), status=418)),
    "moved": ("status-code", attribute(on("listReviews"), status=302, headers=lambda _reply: {"Location": "/reviews"})),
    "gone-is-410": ("status-code", attribute(status(404), status=410)),
    "partial-page": ("status-code", attribute(lambda call, reply: call.operation == "listItems" and "limit" in call.parameters and reply.status == 200, status=206)),
    "no-location": ("headers", attribute(on("createItem", "createCustomer"), headers=without("Location"))),
    "count-as-words": ("headers", attribute(on("listItems"), headers=lambda _reply: {"X-Total-Count": "many"})),
    "no-count-on-empty-page": ("headers", attribute(lambda call, reply: call.operation == "listItems" and reply.status == 200 and not reply.value["items"], headers=without("X-Total-Count"))),
    "no-allow": ("headers", attribute(status(405), headers=without("Allow"))),
    "no-challenge": ("headers", attribute(status(401), headers=without("WWW-Authenticate"))),
    "no-etag": ("headers", attribute(on("getItem", "replaceItem", "changeItem"), headers=without("ETag"))),
    "rate-below-zero": ("headers", attribute(on("listOrders"), headers=lambda _reply: {"X-RateLimit-Remaining": "-1"})),
    "rate-in-float": ("headers", attribute(on("listOrders"), headers=lambda _reply: {"X-RateLimit-Remaining": "98.5"})),
    "location-of-nothing": ("location", attribute(on("createItem"), headers=lambda reply: {"Location": f"/items/{reply.value['id'] + 70000}"})),
    "location-of-another": ("location", attribute(on("createItem"), headers=lambda _reply: {"Location": "/items/1"})),
    "location-of-another-host": ("location", attribute(on("createCustomer"), headers=lambda reply: {"Location": f"http://backend:8080/customers/{reply.value['id']}"})),
    "cost-leaks": ("undocumented-property", whole(*ORDERS)(lambda value: {**value, "purchase_cost": 3})),
    "renamed-beside": ("undocumented-property", whole(*CUSTOMERS)(lambda value: {**value, "eMail": value["email"]})),
    "password-hash-leaks": ("undocumented-property", whole("getCustomer")(lambda value: {**value, "password_hash": "$2b$"})),
    "debug-in-cart": ("undocumented-property", whole("fillCart")(lambda value: {**value, "_debug": []})),
    "page-has-more": ("undocumented-property", whole("listItems")(lambda value: {**value, "has_more": value["next"] is not None})),
    "cost-leaks-when-a-gift": ("undocumented-property", whole("placeOrder")(lambda value: {**value, "gift_fee": 2} if value.get("gift") else value)),
}  # fmt: skip
"""What a fault makes of replies: the check that is meant to see it, and the change."""

_LENIENT = (
    "takes-address-without-city takes-any-attribute takes-any-category takes-any-email takes-any-lang "
    "takes-any-media-type takes-any-request-id takes-any-sort takes-bare-tag takes-broken-utf-8 "
    "takes-double-tags takes-empty-change takes-empty-name takes-flag-as-text takes-free-line takes-half-stars "
    "takes-impossible-day takes-limit-too-high takes-line-too-many takes-long-description takes-long-password "
    "takes-lower-country takes-lower-sku takes-many-attributes takes-mixed-payment takes-moment-without-zone takes-nan "
    "takes-negative-offset takes-negative-price takes-no-lines takes-no-stars takes-null-name takes-number-as-text "
    "takes-priority-in-any-case takes-quantity-zero takes-six-stars takes-tenth-of-cent "
    "takes-trailing-text takes-unanchored-phone takes-undeclared takes-undeclared-in-address takes-undeclared-in-line"
)
_PICKY = (
    "wants-ascii-name wants-birthday wants-email-without-plus wants-int-without-point wants-limit-below-top "
    "wants-nine-tags wants-no-charset wants-note wants-price-above-zero wants-quantity-below-top wants-trimmed-name "
    "wants-utc wants-zip-of-five"
)
_LOCKS = (
    "any-session any-token empty-key key-by-prefix key-in-any-case key-in-query key-wanted-everywhere key-with-tail "
    "open-create open-delete open-orders second-way-closed token-in-any-scheme"
)
_STATE = (
    "cart-kept-once change-not-kept change-resets-others create-not-kept delete-forgotten "
    "replace-not-kept same-id-for-all second-change-not-kept stale-read"
)
_LISTS = "category-ignored status-ignored cancelled-ignored stars-ignored"
_BOUNDS = "limit-ignored limit-rounded-up limit-of-orders-ignored pages-of-ten"
_ECHOES = "attributes-of-all cart-adds-up change-of-false-ignored text-of-the-one-before"

FAULTS: Mapping[str, str] = {
    **{name: check for name, (check, _) in REPLIES.items()},
    **dict.fromkeys(_LENIENT.split(), "invalid-accepted"),
    **dict.fromkeys(_PICKY.split(), "valid-refused"),
    **dict.fromkeys(_LOCKS.split(), "authentication"),
    **dict.fromkeys(CRASHES, "server-error"),
    "hangs-up-on-empty-text": "no-answer",
    **dict.fromkeys(KEPT, "echo"),
    **dict.fromkeys(_ECHOES.split(), "echo"),
    **dict.fromkeys(_LISTS.split(), "list-filter"),
    **dict.fromkeys(_BOUNDS.split(), "list-limit"),
    "offset-ignored": "list-page",
    "offset-counts-pages": "list-whole",
    "last-page-goes-on": "next-page",
    "first-page-is-the-last": "next-page",
    "default-limit-of-two": "list-default",
    "deleted-are-listed": "list-deleted",
    **dict.fromkeys(("sort-ignored", "sort-turned-round", "prices-as-texts"), "list-order"),
    **dict.fromkeys(("cancels-all", "stock-of-all"), "untouched"),
    "price-moves-category": "partial-change",
    "default-forgotten": "defaults",
    **dict.fromkeys(("replace-keeps-attributes", "replace-merges"), "replacement"),
    "cancel-not-kept": "action-kept",
    **dict.fromkeys(_STATE.split(), "read-back"),
    **dict.fromkeys(("replace-moves-created", "takes-read-only", "takes-status"), "read-only"),
}
"""Every fault, with the check that is meant to find it."""

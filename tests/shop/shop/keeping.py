"""What the shop does for each operation, and what it remembers; state faults live here."""

import copy
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from .reading import Call, RefusedError

BEGUN = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
CUSTOMER = "0b5c6f0e-63ae-4a37-9a8e-2d1f0c7be001"
ORDER = "AA-0001"


@dataclass
class Reply:
    """An answer in the making; `raw` goes out as it is."""

    status: int
    value: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = "application/json"
    raw: bytes | None = None


class Shop:
    """The shop's memory."""

    def __init__(self, fault: str) -> None:
        self.fault = fault
        self.ticks = 0
        self.numbers = 0
        self.items: dict[int, dict[str, Any]] = {}
        self.deleted: list[dict[str, Any]] = []
        self.reviews: dict[int, list[dict[str, Any]]] = {}
        self.customers: dict[str, dict[str, Any]] = {}
        self.orders: dict[str, dict[str, Any]] = {}
        self.cart: dict[str, Any] = {"lines": [], "currency": "EUR", "total": 0}
        self.cached: dict[str, Reply] = {}
        for name, price, category in (("Atlas", 30, "books"), ("Etudes", 12.5, "music"), ("Go", 45.99, "games")):
            self.create_item({"name": name, "price": price, "category": category, "stock": 3, "tags": ["new"]})
        self.reviews[1].append({"id": 1, "stars": 4, "text": "Heavy."})
        self.customers[CUSTOMER] = {
            "id": CUSTOMER,
            "name": "Ada",
            "email": "ada@example.com",
            "newsletter": False,
            "points": 7,
        }
        self.orders[ORDER] = self.order(
            {"lines": [{"sku": "ABC-0001", "quantity": 1}], "payment": {"kind": "invoice"}}, ORDER
        )

    def now(self) -> str:
        self.ticks += 1
        return (BEGUN + timedelta(seconds=self.ticks)).strftime("%Y-%m-%dT%H:%M:%SZ")

    def number(self) -> int:
        self.numbers += 1
        return self.numbers

    def create_item(self, sent: Mapping[str, Any]) -> dict[str, Any]:
        number = self.number()
        if self.fault == "same-id-for-all" and number > 3:
            number = 4
        item = {"active": True, **sent, "id": number, "created_at": self.now(), "version": 1}
        if self.fault == "takes-read-only":
            item |= {name: sent[name] for name in ("created_at", "version") if name in sent}
        if self.fault == "default-forgotten" and "active" not in sent:
            item["active"] = False
        if self.fault == "attributes-of-all" and "attributes" in sent:
            before = list(self.items.values())[-1].get("attributes", {})
            item["attributes"] = dict(list({**before, **sent["attributes"]}.items())[-20:])
        self.items[number] = item
        self.reviews[number] = []
        return item

    def order(self, sent: Mapping[str, Any], name: str) -> dict[str, Any]:
        known = ("lines", "payment", "priority", "gift", "note", "ship_at", "coupon")
        kept = {key: value for key, value in sent.items() if key in known}
        status = sent.get("status", "open") if self.fault == "takes-status" else "open"
        return {"priority": "normal", **kept, "id": name, "status": status, "placed_at": self.now()}

    def found(self, kept: Mapping[Any, Any], key: Any) -> Any:
        if key not in kept:
            raise RefusedError(404, "There is no such thing.")
        return kept[key]

    def do(self, call: Call) -> Reply:
        steps: dict[str, Callable[[Call], Reply]] = {
            "listItems": self.list_items,
            "createItem": lambda call: self.made(self.create_item(call.body), "/items/"),
            "getItem": self.get_item,
            "replaceItem": self.replace_item,
            "changeItem": self.change_item,
            "deleteItem": self.delete_item,
            "listReviews": self.list_reviews,
            "addReview": self.add_review,
            "createCustomer": self.create_customer,
            "getCustomer": lambda call: Reply(200, self.found(self.customers, call.parameters["customer_id"])),
            "changeCustomer": self.change_customer,
            "deleteCustomer": self.delete_customer,
            "listOrders": self.list_orders,
            "placeOrder": self.place_order,
            "getOrder": lambda call: Reply(200, self.found(self.orders, call.parameters["order_id"])),
            "cancelOrder": self.cancel_order,
            "getCart": lambda _call: Reply(200, self.cart),
            "fillCart": self.fill_cart,
        }
        reply = steps[call.operation](call)
        return Reply(reply.status, copy.deepcopy(reply.value), reply.headers, reply.kind, reply.raw)

    def made(self, value: dict[str, Any], place: str) -> Reply:
        return Reply(201, value, {"Location": f"{place}{value['id']}"})

    def heeded(self, call: Call, forgotten: Mapping[str, str]) -> dict[str, Any]:
        """The parameters but the one that the fault forgets."""
        return {name: value for name, value in call.parameters.items() if name != forgotten.get(self.fault)}

    def list_items(self, call: Call) -> Reply:
        wanted = self.heeded(
            call,
            {
                "limit-ignored": "limit",
                "offset-ignored": "offset",
                "category-ignored": "category",
                "sort-ignored": "sort",
            },
        )
        known = [*self.items.values(), *(self.deleted if self.fault == "deleted-are-listed" else ())]
        chosen = [item for item in known if wanted.get("category", item["category"]) == item["category"]]
        chosen = [item for item in chosen if set(wanted.get("tag", ())) <= set(item.get("tags", ()))]
        chosen = [item for item in chosen if wanted.get("q", "").lower() in item["name"].lower()]
        order = {
            "name": lambda item: item["name"],
            "price": lambda item: str(item["price"]) if self.fault == "prices-as-texts" else item["price"],
            "newest": lambda item: -item["id"],
        }
        chosen.sort(key=order.get(wanted.get("sort", "name"), order["name"]))
        if self.fault == "sort-turned-round" and wanted.get("sort") == "price":
            chosen[1:-1] = chosen[-2:0:-1]
        begin, limit = wanted.get("offset", 0), wanted.get("limit", 2 if self.fault == "default-limit-of-two" else 20)
        limit = max(limit, 3) if self.fault == "limit-rounded-up" else limit
        limit = min(limit, 10) if self.fault == "pages-of-ten" else limit
        begin = begin * limit if self.fault == "offset-counts-pages" else begin
        page = chosen[begin : begin + limit]
        after = begin + limit if begin + limit < len(chosen) or self.fault == "last-page-goes-on" else None
        after = None if self.fault == "first-page-is-the-last" and not begin else after
        value = {"items": page, "total": len(chosen), "next": after}
        return Reply(200, value, {"X-Total-Count": str(len(chosen))})

    def shown(self, item: dict[str, Any]) -> Reply:
        return Reply(200, item, {"ETag": f'"{item["id"]}-{item["version"]}"'})

    def get_item(self, call: Call) -> Reply:
        number = call.parameters["item_id"]
        if self.fault == "stale-read" and f"item {number}" in self.cached:
            return self.cached[f"item {number}"]
        reply = self.shown(self.found(self.items, number))
        self.cached[f"item {number}"] = Reply(200, copy.deepcopy(reply.value), reply.headers)
        return reply

    def replace_item(self, call: Call) -> Reply:
        old = self.found(self.items, call.parameters["item_id"])
        new = {
            "active": True,
            **call.body,
            "id": old["id"],
            "created_at": old["created_at"],
            "version": old["version"] + 1,
        }
        if self.fault == "replace-merges":
            new = {**old, **new}
        if self.fault == "replace-keeps-attributes" and "attributes" in new:
            new["attributes"] = {**old.get("attributes", {}), **new["attributes"]}
        if self.fault == "replace-moves-created":
            new["created_at"] = "2001-01-01T00:00:00Z"
        if self.fault != "replace-not-kept":
            self.items[old["id"]] = new
        return self.shown(new)

    def change_item(self, call: Call) -> Reply:
        old = self.found(self.items, call.parameters["item_id"])
        new = {**old, **call.body, "version": old["version"] + 1}
        if self.fault == "change-resets-others":
            new = {"active": True, **{name: old[name] for name in ("id", "name", "price", "category", "created_at")}, **call.body, "version": new["version"]}  # fmt: skip
        if self.fault == "change-of-false-ignored" and call.body.get("active") is False:
            new["active"] = True
        if self.fault == "price-moves-category" and "price" in call.body:
            new["category"] = "books"
        if self.fault == "stock-of-all" and "stock" in call.body:
            for item in self.items.values():
                item["stock"] = call.body["stock"]
        if not (self.fault == "second-change-not-kept" and old["version"] > 1):
            self.items[old["id"]] = new
        return self.shown(new)

    def delete_item(self, call: Call) -> Reply:
        number = call.parameters["item_id"]
        self.deleted.append(self.found(self.items, number))
        if self.fault != "delete-forgotten":
            del self.items[number], self.reviews[number]
        return Reply(204)

    def list_reviews(self, call: Call) -> Reply:
        found = self.found(self.reviews, call.parameters["item_id"])
        wanted = self.heeded(call, {"stars-ignored": "stars"})
        return Reply(200, [one for one in found if wanted.get("stars", one["stars"]) == one["stars"]])

    def add_review(self, call: Call) -> Reply:
        found = self.found(self.reviews, call.parameters["item_id"])
        review = {**call.body, "id": len(found) + 1}
        if self.fault == "text-of-the-one-before" and "text" not in call.body and found and "text" in found[-1]:
            review["text"] = found[-1]["text"]
        found.append(review)
        return Reply(201, review)

    def create_customer(self, call: Call) -> Reply:
        name = str(uuid.UUID(int=self.number(), version=4))
        known = ("name", "email", "birthday", "phone", "address", "newsletter", "nickname", "preferences")
        kept = {key: value for key, value in call.body.items() if key in known}
        customer = {"newsletter": True, **kept, "id": name, "points": 0}
        if self.fault != "create-not-kept":
            self.customers[name] = customer
        return self.made(customer, "/customers/")

    def change_customer(self, call: Call) -> Reply:
        old = self.found(self.customers, call.parameters["customer_id"])
        new = {**old, **call.body}
        self.customers[old["id"]] = old if self.fault == "change-not-kept" else new
        return Reply(200, new)

    def delete_customer(self, call: Call) -> Reply:
        name = call.parameters["customer_id"]
        self.found(self.customers, name)
        del self.customers[name]
        return Reply(204)

    def list_orders(self, call: Call) -> Reply:
        wanted = self.heeded(call, {"status-ignored": "status", "limit-of-orders-ignored": "limit"})
        if self.fault == "cancelled-ignored" and wanted.get("status") == "cancelled":
            del wanted["status"]
        found = [one for one in self.orders.values() if wanted.get("status", one["status"]) == one["status"]]
        value = {"orders": found[::-1][: wanted.get("limit", 25)]}
        return Reply(200, value, {"X-RateLimit-Remaining": "99"})

    def place_order(self, call: Call) -> Reply:
        number = self.number()
        name = f"{chr(65 + number // 260000 % 26)}{chr(65 + number // 10000 % 26)}-{number % 10000:04}"
        order = self.order(call.body, name)
        self.orders[name] = order
        return Reply(201, order)

    def cancel_order(self, call: Call) -> Reply:
        order = self.found(self.orders, call.parameters["order_id"])
        if order["status"] == "cancelled":
            raise RefusedError(409, "The order is cancelled already.")
        new = {**order, "status": "cancelled"}
        if self.fault != "cancel-not-kept":
            self.orders[order["id"]] = new
        if self.fault == "cancels-all":
            self.orders = {name: {**one, "status": "cancelled"} for name, one in self.orders.items()}
        return Reply(200, new)

    def fill_cart(self, call: Call) -> Reply:
        kept = {name: call.body[name] for name in ("lines", "currency") if name in call.body}
        total = sum(float(line.get("price", 0)) * int(line["quantity"]) for line in kept["lines"])
        cart = {"currency": "EUR", **kept, "total": total}
        if self.fault == "cart-adds-up":
            cart["lines"] = (self.cart["lines"] + kept["lines"])[-20:]
        self.cart = cart if self.fault != "cart-kept-once" or not self.cart["lines"] else self.cart
        return Reply(200, cart)

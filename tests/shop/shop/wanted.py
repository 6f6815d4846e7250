"""The rules of each operation's body and parameters, with what a fault of the lenient or the picky kind makes of them."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from .rules import (
    DAY,
    UUID,
    Rule,
    anything,
    barred,
    entries,
    flag,
    free,
    is_day,
    is_email,
    is_moment,
    like,
    listed,
    maybe,
    number,
    one_of,
    positive,
    record,
    text,
)

CATEGORIES = ("books", "music", "games", "other")
STATUSES = ("open", "paid", "sent", "cancelled")
PRIORITIES = ("low", "normal", "high")


class Wanted:
    """What the shop takes while it has one fault."""

    def __init__(self, fault: str) -> None:
        self.fault = fault
        self.bodies: dict[str, Rule] = {
            "createItem": self.item(("name", "price", "category")),
            "replaceItem": self.item(("name", "price", "category")),
            "changeItem": self.item((), least=self.when("takes-empty-change", 0, 1)),
            "addReview": self.review(),
            "createCustomer": self.customer(("name", "email"), closed=False),
            "changeCustomer": self.customer((), closed=True),
            "placeOrder": self.order(),
            "fillCart": record({"lines": self.lines(0), "currency": one_of("EUR", "GBP", "USD"), "total": barred}, ("lines",), closed=False),
        }  # fmt: skip
        self.parameters: dict[str, dict[tuple[str, str], tuple[str, Rule]]] = self.places()

    def when(self, fault: str, planted: Any, honest: Any) -> Any:
        return planted if self.fault == fault else honest

    def loose(self, fault: str, rule: Rule, also: Callable[[Any], bool]) -> Rule:
        """`rule`, or with `fault` one that lets `also` through."""
        return (lambda value: "" if also(value) else rule(value)) if self.fault == fault else rule

    def strict(self, fault: str, rule: Rule, refused: Callable[[Any], bool]) -> Rule:
        """`rule`, or with `fault` one that refuses more."""
        return (lambda value: "is not wanted" if refused(value) else rule(value)) if self.fault == fault else rule

    def item(self, needed: tuple[str, ...], least: int = 0) -> Rule:
        name = text(self.when("takes-empty-name", 0, 1), 80)
        name = self.loose("takes-null-name", name, lambda value: value is None)
        name = self.strict("wants-ascii-name", name, lambda value: isinstance(value, str) and not value.isascii())
        name = self.strict("wants-trimmed-name", name, lambda value: isinstance(value, str) and value != value.strip())
        price = number(
            self.when("takes-negative-price", -(10**6), 0), 100000, cents=self.fault != "takes-tenth-of-cent"
        )
        price = self.strict("wants-price-above-zero", price, lambda value: value == 0)
        stock = self.loose(
            "takes-number-as-text", number(0, whole=True), lambda value: isinstance(value, str) and value.isdigit()
        )
        stock = self.strict("wants-int-without-point", stock, lambda value: isinstance(value, Decimal))
        tags = listed(text(1, 20), 0, 10, unique=self.fault != "takes-double-tags")
        tags = self.strict("wants-nine-tags", tags, lambda value: isinstance(value, list) and len(value) > 9)
        most = self.when("takes-many-attributes", 10**6, 20)
        fields = {
            "name": name,
            "description": maybe(text(0, self.when("takes-long-description", None, 2000))),
            "price": price,
            "category": self.loose("takes-any-category", one_of(*CATEGORIES), lambda value: isinstance(value, str)),
            "stock": stock,
            "tags": self.loose("takes-bare-tag", tags, lambda value: isinstance(value, str)),
            "attributes": entries(self.when("takes-any-attribute", anything, text(0, 100)), most),
            "active": self.loose("takes-flag-as-text", flag, lambda value: value in ("true", "false")),
        }  # fmt: skip
        own = self.when("takes-read-only", anything, barred)
        return record({**fields, "id": own, "created_at": own, "version": own}, needed, least=least)

    def review(self) -> Rule:
        stars = number(1, self.when("takes-six-stars", 6, 5), whole=self.fault != "takes-half-stars")
        fields = {"stars": stars, "text": text(0, 3000), "anonymous": flag, "id": barred}
        return record(fields, self.when("takes-no-stars", (), ("stars",)), closed=self.fault != "takes-undeclared")

    def customer(self, needed: tuple[str, ...], *, closed: bool) -> Rule:
        email = text(0, 120, self.when("takes-any-email", lambda value: "@" in value, is_email))
        email = self.strict("wants-email-without-plus", email, lambda value: "+" in str(value))
        day = self.when("takes-impossible-day", DAY.fullmatch, is_day)
        phone = text(
            0,
            None,
            self.when("takes-unanchored-phone", like(r"(?s).*\+[1-9][0-9]{5,14}.*"), like(r"\+[1-9][0-9]{5,14}")),
        )
        known = one_of("DE", "FR", "GB", "US")
        country = self.loose(
            "takes-lower-country", known, lambda value: isinstance(value, str) and not known(value.upper())
        )
        zip_code = text(0, None, like("[0-9]{4,6}"))
        zip_code = self.strict("wants-zip-of-five", zip_code, lambda value: len(str(value)) == 4)
        parts = {"street": text(1, 120), "city": text(1, 60), "zip": zip_code, "country": country}
        address = record(
            parts,
            self.when("takes-address-without-city", ("street", "country"), ("street", "city", "country")),
            closed=self.fault != "takes-undeclared-in-address",
        )
        fields = {
            "name": text(1, 100),
            "email": email,
            "birthday": self.strict("wants-birthday", maybe(text(0, None, day)), lambda value: value is None),
            "phone": phone,
            "address": address,
            "newsletter": flag,
            "nickname": maybe(text(0, 30)),
            "preferences": free,
        }  # fmt: skip
        more = {"password": text(8, self.when("takes-long-password", None, 64)), "id": barred, "points": barred}
        return record(fields if closed else {**fields, **more}, needed, closed=closed)

    def lines(self, least: int) -> Rule:
        quantity = number(self.when("takes-quantity-zero", 0, 1), 99, whole=True)
        quantity = self.strict("wants-quantity-below-top", quantity, lambda value: value == 99)
        upper = text(0, None, like("[A-Z]{3}-[0-9]{4}"))
        sku = self.loose("takes-lower-sku", upper, lambda value: isinstance(value, str) and not upper(value.upper()))
        price = self.loose("takes-free-line", positive(Decimal("9999.99")), lambda value: value == 0)
        fields = {"sku": sku, "quantity": quantity, "price": price, "gift_text": maybe(text(0, 200))}
        line = record(fields, ("sku", "quantity"), closed=self.fault != "takes-undeclared-in-line")
        return listed(line, self.when("takes-no-lines", 0, least), self.when("takes-line-too-many", 21, 20))

    def order(self) -> Rule:
        card = record(
            {"kind": one_of("card"), "number": text(0, None, like("[0-9]{12,19}")), "holder": text(0, 60)},
            ("kind", "number"),
            closed=self.fault != "takes-mixed-payment",
        )
        days = number(7, 60, whole=True)
        invoice = record({"kind": one_of("invoice"), "days": days, "reference": maybe(text(0, 30))}, ("kind",))
        fields = {
            "lines": self.lines(1),
            "payment": lambda value: "" if not card(value) or not invoice(value) else "is no payment",
            "priority": self.loose("takes-priority-in-any-case", one_of(*PRIORITIES), lambda value: str(value).lower() in PRIORITIES),
            "gift": flag,
            "note": self.strict("wants-note", maybe(text(0, 1000)), lambda value: value is None),
            "ship_at": text(0, None, self.when("takes-moment-without-zone", lambda value: is_moment(value) or is_moment(value + "Z"), is_moment)),
            "coupon": text(0, None, like("[a-z0-9]{6}")),
            "id": barred,
            "status": self.when("takes-status", anything, barred),
            "placed_at": barred,
        }  # fmt: skip
        fields["ship_at"] = self.strict("wants-utc", fields["ship_at"], lambda value: str(value)[-1:] not in {"Z", "z"})
        return record(fields, ("lines", "payment"), closed=False)

    def places(self) -> dict[str, dict[tuple[str, str], tuple[str, Rule]]]:
        limit = number(1, self.when("takes-limit-too-high", 51, 50), whole=True)
        request = {
            ("query", "limit"): ("whole", self.strict("wants-limit-below-top", limit, lambda value: value == 50)),
            ("query", "offset"): ("whole", number(self.when("takes-negative-offset", -(10**6), 0), whole=True)),
            ("query", "category"): ("text", one_of(*CATEGORIES)),
            ("query", "tag"): ("list", listed(text(1, 20), 0, 5)),
            ("query", "sort"): ("text", self.when("takes-any-sort", anything, one_of("name", "price", "newest"))),
            ("query", "q"): ("text", text(0, 40)),
            ("header", "x-request-id"): ("text", text(0, None, self.when("takes-any-request-id", lambda _value: True, UUID.fullmatch))),
            ("cookie", "lang"): ("text", self.when("takes-any-lang", anything, one_of("en", "de", "fr"))),
        }  # fmt: skip
        item = {("path", "item_id"): ("whole", number(1, whole=True))}
        customer = {("path", "customer_id"): ("text", text(0, None, UUID.fullmatch))}
        order = {("path", "order_id"): ("text", text(0, None, like("[A-Z]{2}-[0-9]{4}")))}
        return {
            "listItems": request,
            **dict.fromkeys(("getItem", "replaceItem", "changeItem", "deleteItem", "addReview"), item),
            "listReviews": {**item, ("query", "stars"): ("whole", number(1, 5, whole=True))},
            **dict.fromkeys(("getCustomer", "changeCustomer", "deleteCustomer"), customer),
            "listOrders": {("query", "status"): ("text", one_of(*STATUSES)), ("query", "limit"): ("whole", number(1, 100, whole=True))},
            **dict.fromkeys(("getOrder", "cancelOrder"), order),
        }  # fmt: skip

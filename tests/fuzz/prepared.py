"""Hooks as a project writes them."""

calls: list[str] = []


def make(visit):
    made = visit.send("POST", "/things/", {"name": "made"})
    calls.append(f"made with {made.response.status}")
    return {"thing_id": 1}


def remove(visit):
    gone = visit.send("DELETE", f"/things/{visit.values['thing_id']}/")
    paths = {exchange.request.url.partition("?")[0] for exchange in visit.exchanges}
    calls.append(f"removed with {gone.response.status} after {sorted(paths)}")


def fail(_visit):
    raise LookupError("no database")

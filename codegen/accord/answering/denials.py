"""How the embedded service says no: with the status and in the form that the contract documents for it."""

from http import HTTPStatus

from accord import synthesis
from accord.answering import replies
from accord.answering.admission import Refused
from accord.answering.replies import Reply
from accord.contract import MediaType, Operation, Schema, response_for
from accord.document import Json
from accord.exchange import Headers, header
from accord.findings import ABSENT
from accord.validity import validation

_MESSAGES = ("detail", "message", "error", "title", "description", "msg")


def refusal(refused: Refused) -> tuple[Reply, Schema | None]:
    """The reply that says no, and the schema it conforms to; `{"detail": …}` where nothing is documented."""
    headers: Headers = (("Allow", ", ".join(refused.allow)),) if refused.allow else ()
    operation = refused.operation
    plain = {"detail": refused.reasons[0][1]}
    if operation is None:
        return Reply(status=refused.statuses[0], value=plain, headers=headers), None
    exact = {response.status for response in operation.responses}
    status = next((status for status in refused.statuses if str(status) in exact), refused.statuses[0])
    response = response_for(operation, status)
    if status == HTTPStatus.UNAUTHORIZED:
        headers += (("WWW-Authenticate", _challenge(operation)),)
    if response is None:
        return Reply(status=status, value=plain, headers=headers), None
    headers += tuple(pair for pair in replies.required_headers(response) if header(headers, pair[0]) is None)
    media_type = replies.json_among(response.content)
    if media_type is None and response.content:
        written = response.content[0].name
        return Reply(status=status, media_type=written, headers=headers, body=refused.reasons[0][1].encode()), None
    if media_type is None:
        return Reply(status=status, value=plain, headers=headers), None
    value = _reasons(media_type, refused)
    name = replies.json_name(media_type)
    return Reply(status=status, value=value, media_type=name, headers=headers), media_type.schema


def _challenge(operation: Operation) -> str:
    """What `WWW-Authenticate` says (RFC 9110 section 11.6.1)."""
    schemes = {scheme.scheme or scheme.type for alternative in operation.security for scheme in alternative}
    if "basic" in schemes:
        return 'Basic realm="api"'
    return 'ApiKey realm="api"' if schemes == {"apiKey"} else "Bearer"


def _reasons(media_type: MediaType, refused: Refused) -> Json:
    """The reasons in the form of `media_type`: by property, as one text, or the contract's own example."""
    schema = media_type.schema
    by_name: dict[str, list[str]] = {}
    for name, text in refused.reasons:
        by_name.setdefault(name or "non_field_errors", []).append(text)
    text = refused.reasons[0][1]
    if schema is None:
        return {"detail": text}
    declared = replies.members(schema)
    if not declared and validation.is_valid(schema, by_name):
        return by_name
    value = replies.fitted(schema, synthesis.example(media_type), by_name)
    for name in _MESSAGES:
        value = replies.fitted(schema, value, {name: text}) if name in declared else value
    return {"detail": text} if value is ABSENT else value

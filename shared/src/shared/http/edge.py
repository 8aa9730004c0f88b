"""Refusals of the HTTP edge itself, each with its own status: about the request, not about the business."""

from typing import ClassVar

from shared.refusals import Kind, Refusal


class EdgeRefusal(Refusal):
    """A refusal whose status does not follow from its kind."""

    kind = Kind.RULE_BROKEN
    status: ClassVar[int]

    @property
    def headers(self) -> dict[str, str]:
        """Headers that the reply bears beside the problem's own."""
        return {}


class CallerUnknown(EdgeRefusal):
    """No token, or none that can be believed. The reply never says which."""

    status = 401
    title = "The caller is not known"
    detail = "A valid access token is wanted."
    remedy = "Send the header Authorization: Bearer with a token that has not expired."

    @property
    def headers(self) -> dict[str, str]:
        """The challenge that RFC 9110 asks for."""
        return {"WWW-Authenticate": 'Bearer realm="tirek"'}


class CallersUnverifiable(EdgeRefusal):
    """The keys of the identity provider cannot be had."""

    status = 503
    title = "Callers cannot be verified now"
    detail = "The identity provider does not answer."
    remedy = "Send the same request again a little later."
    retry_after = 30


class RouteUnknown(EdgeRefusal):
    """There is no such address."""

    status = 404
    title = "There is no such address"
    remedy = "Look the address up in the description of the interface, /docs."


class MethodNotAllowed(EdgeRefusal):
    """The address is known, the method is not."""

    status = 405
    title = "The method is not allowed here"
    remedy = "The header Allow names the methods that are."


class BodyMalformed(EdgeRefusal):
    """The body is not strict JSON in UTF-8."""

    status = 400
    title = "The body is not proper JSON"
    remedy = "Send one JSON document in UTF-8, without a byte order mark."


class BodyUnexpected(EdgeRefusal):
    """The command takes no body, and one was sent."""

    status = 422
    title = "No body is wanted here"
    detail = "This command takes no body."
    remedy = "Send the request without a body."


class BodyTooLarge(EdgeRefusal):
    """The body is larger than is read."""

    status = 413
    title = "The body is too large"
    detail = "A body may have {limit} bytes at most."
    remedy = "Send less at once."


class BodyTooSlow(EdgeRefusal):
    """The body did not arrive in time."""

    status = 408
    title = "The body came too slowly"
    detail = "The body did not arrive within {seconds} seconds."
    remedy = "Send the request again over a better connection."


class MediaTypeUnsupported(EdgeRefusal):
    """The body is not announced as JSON."""

    status = 415
    title = "The kind of the body is not supported"
    detail = "The body must be application/json, without a content encoding."
    remedy = "Send the header Content-Type: application/json and no Content-Encoding."

    @property
    def headers(self) -> dict[str, str]:
        """What would be accepted, as RFC 9110 asks for."""
        return {"Accept-Encoding": "identity", "Accept-Post": "application/json"}


class ValueNotStorable(EdgeRefusal):
    """The database says that a value is out of its range or no text."""

    status = 422
    title = "A value cannot be stored"
    detail = "A value is out of range or holds characters that are not text."
    remedy = "Correct the value and send the request again."


class IdempotencyKeyMissing(EdgeRefusal):
    """A command came without its key."""

    status = 400
    title = "The idempotency key is missing"
    detail = "This command wants the header Idempotency-Key."
    remedy = "Make up a new key for each command, a UUID for example, and send it again with each repetition."


class IdempotencyKeyMalformed(EdgeRefusal):
    """The key is not 1 to 200 printable ASCII characters."""

    status = 400
    title = "The idempotency key is malformed"
    detail = "The header Idempotency-Key holds 1 to 200 printable ASCII characters, once."
    remedy = "Use a UUID, for example."


class IdempotencyKeyReused(EdgeRefusal):
    """The same key came with another request."""

    status = 422
    title = "The idempotency key belongs to another request"
    detail = "The key was used before at this address with another body."
    remedy = "Use a new key for a new command; repeat a command with exactly the same body."


class RequestInProgress(EdgeRefusal):
    """What the command needs is held by another request, perhaps by the first sending of this one."""

    status = 409
    title = "Another request is in progress"
    detail = "What this request needs is held by another one that has not ended yet."
    remedy = "Send the same request with the same key again a little later."
    retry_after = 1


class PreconditionMissing(EdgeRefusal):
    """The change must say which version it rests on."""

    status = 428
    title = "The version is missing"
    detail = "This change wants the header If-Match with the ETag of the version that it rests on."
    remedy = "Read the thing, then send its ETag in If-Match."


class PreconditionMalformed(EdgeRefusal):
    """If-Match is not one ETag of ours."""

    status = 400
    title = "The version is malformed"
    detail = "The header If-Match holds one strong ETag in quotation marks."
    remedy = "Send the ETag exactly as it was received."


class VersionStale(EdgeRefusal):
    """The thing has changed since the caller read it."""

    status = 412
    title = "The thing has changed meanwhile"
    detail = "The change rests on another version than {current}, the current one."
    remedy = "Read the thing again and decide anew."

    @property
    def headers(self) -> dict[str, str]:
        """The current version's ETag."""
        return {"ETag": f'"{self.data["current"]}"'}


class CursorInvalid(EdgeRefusal):
    """The cursor was not given out for this list."""

    status = 422
    title = "The cursor is not valid"
    detail = "The cursor was not given out for this list."
    remedy = "Take next_cursor of the page before, with the same filters, or begin without a cursor."


class TryAgainLater(EdgeRefusal):
    """The database cannot be reached, or gave the transaction up."""

    status = 503
    title = "The service cannot answer now"
    detail = "The database did not answer in time; nothing was changed, or a repetition with the same key will tell."
    remedy = "Send the same request with the same key again a little later."
    retry_after = 1


class StorageFull(EdgeRefusal):
    """The disk of the database is full."""

    status = 507
    title = "There is no room left"
    detail = "The database has no room left; nothing was changed."
    remedy = "The operator has to make room; then send the same request with the same key again."
    retry_after = 60


class RequestFailed(EdgeRefusal):
    """Something that nobody foresaw; the log knows it under the trace id."""

    status = 500
    title = "The request failed"
    detail = "Something went wrong that should not have."
    remedy = "Tell the operator the trace_id of this reply."


class RequestRefused(EdgeRefusal):
    """A status of the web framework that has no words of its own here."""

    status = 400
    title = "The request is refused"
    remedy = "Look the address up in the description of the interface, /docs."

"""Files as they are, in the body of a request: a route that takes one says which kinds, and how many bytes at most."""

import hashlib
from dataclasses import dataclass
from typing import Any

from fastapi import Request

from shared.http.edge import EdgeRefusal


class FileTypeUnsupported(EdgeRefusal):
    """The body is announced as another kind of file than the route takes."""

    status = 415
    title = "The kind of the file is not supported"
    detail = "The body must be one of: {wanted}; without a content encoding."
    remedy = "Send the file itself as the body, with its kind in the header Content-Type."


@dataclass(frozen=True)
class Upload:
    """A dependency of a route: the bytes of its body, of one of these kinds, at most `limit` bytes.

    `shared.http.routes` reads the body; a command's fingerprint is that of the bytes.
    """

    limit: int
    kinds: tuple[str, ...]

    async def __call__(self, request: Request) -> bytes:
        """The file."""
        return await request.body()

    def require_kind(self, request: Request) -> str:
        """The kind of the body; raises `FileTypeUnsupported`."""
        types = request.headers.getlist("content-type")
        encoding = request.headers.get("content-encoding", "identity")
        kind = types[0].partition(";")[0].strip().lower() if len(types) == 1 else ""
        if kind not in self.kinds or encoding.lower() != "identity":
            raise FileTypeUnsupported(wanted=", ".join(self.kinds))
        return kind

    def fingerprint(self, kind: str, content: bytes) -> dict[str, str]:
        """What stands for the file where two requests are compared."""
        return {"kind": kind, "sha256": hashlib.sha256(content).hexdigest()}

    @property
    def described(self) -> dict[str, Any]:
        """The request body in the OpenAPI document, for `openapi_extra`."""
        binary = {"schema": {"type": "string", "format": "binary"}}
        return {"requestBody": {"required": True, "content": dict.fromkeys(self.kinds, binary)}}

"""The page `/docs`: Swagger UI from files shipped with the package, so that no other host is asked for anything."""

import gzip
import html
import json
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from shared.http.edge import RouteUnknown

ASSETS = Path(__file__).parent / "assets"
MEDIA_TYPES = {"swagger-ui-bundle.js": "text/javascript", "swagger-ui.css": "text/css"}

_page = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><link rel="icon" href="data:,"><link rel="stylesheet" href="docs/swagger-ui.css"></head>
<body><div id="swagger-ui"></div><script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script></body>
</html>
"""

_start = "SwaggerUIBundle({});".format(
    json.dumps(
        {
            "url": "openapi.json",
            "dom_id": "#swagger-ui",
            "deepLinking": True,
            "persistAuthorization": True,
            "displayRequestDuration": True,
            "validatorUrl": None,
        }
    )
)

_policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src *"

router = APIRouter(include_in_schema=False)


@router.get("/docs")
async def page(request: Request) -> HTMLResponse:
    """The page itself."""
    text = _page.format(title=html.escape(request.app.title))
    return HTMLResponse(text, headers={"Content-Security-Policy": _policy})


@router.get("/docs/start.js")
async def start() -> Response:
    """What starts Swagger UI on this service's description."""
    return Response(_start, media_type="text/javascript")


@router.get("/docs/{name}")
async def asset(name: str, request: Request) -> Response:
    """A file of Swagger UI, gzipped where the browser takes that."""
    if name not in MEDIA_TYPES:
        raise RouteUnknown
    content = (ASSETS / f"{name}.gz").read_bytes()
    headers = {"Cache-Control": "public, max-age=86400", "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
    else:
        content = gzip.decompress(content)
    return Response(content, media_type=MEDIA_TYPES[name], headers=headers)

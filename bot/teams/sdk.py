"""The parts of Microsoft's SDK in use, imported only here: the rest works without the extra `teams`."""

from __future__ import annotations

import warnings

with warnings.catch_warnings():
    # Preview features that are not used here announce themselves at import.
    warnings.simplefilter("ignore")
    from microsoft_teams.api import ClientCredentials, InvokeResponse
    from microsoft_teams.apps import HttpServer
    from microsoft_teams.apps.auth import InboundActivityTokenValidator
    from microsoft_teams.apps.events import ActivityEvent
    from microsoft_teams.apps.http import HttpMethod, HttpRequest, HttpResponse, HttpRouteHandler

__all__ = [
    "ActivityEvent",
    "ClientCredentials",
    "HttpMethod",
    "HttpRequest",
    "HttpResponse",
    "HttpRouteHandler",
    "HttpServer",
    "InboundActivityTokenValidator",
    "InvokeResponse",
]

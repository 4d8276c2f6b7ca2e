"""The parts of Microsoft's SDK in use, imported only here: the rest works without the extra `teams`."""

from __future__ import annotations

import warnings

with warnings.catch_warnings():
    # Preview features that are not used here announce themselves at import.
    warnings.simplefilter("ignore")
    from microsoft_teams.api import ClientCredentials, InvokeResponse
    from microsoft_teams.api.auth.cloud_environment import PUBLIC, CloudEnvironment, with_overrides
    from microsoft_teams.apps import AppTokenProvider, HttpServer
    from microsoft_teams.apps.auth import InboundActivityTokenValidator
    from microsoft_teams.apps.events import ActivityEvent
    from microsoft_teams.apps.http import HttpMethod, HttpRequest, HttpResponse, HttpRouteHandler
    from microsoft_teams.apps.token_manager import TokenManager

__all__ = [
    "PUBLIC",
    "ActivityEvent",
    "AppTokenProvider",
    "ClientCredentials",
    "CloudEnvironment",
    "HttpMethod",
    "HttpRequest",
    "HttpResponse",
    "HttpRouteHandler",
    "HttpServer",
    "InboundActivityTokenValidator",
    "InvokeResponse",
    "TokenManager",
    "with_overrides",
]

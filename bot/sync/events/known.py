"""Sub-types the contract describes. Others are kept all the same, and counted."""

from __future__ import annotations

from typing import Final

KNOWN: Final = {
    "CODEX_LOG": frozenset(
        {
            "PROMPT_SENT",
            "PROMPT_RESPONSE_RECEIVED",
            "TOOL_CALL_SUGGESTED",
            "TOOL_CALL_COMPLETED",
            "TOOL_CALL_FAILED",
            "TOOL_DECISION",
            "ACCESS_TOKEN_CREATED",
            "ACCESS_TOKEN_REVOKED",
            "APP_MCP_CALL",
            "APP_MCP_RESULT",
            "APP_MCP_ELICITATION",
            "PLUGIN_CREATED",
            "PLUGIN_DELETED",
            "PLUGIN_INSTALLED",
            "PLUGIN_UNINSTALLED",
            "ENVIRONMENT_CREATED",
            "ENVIRONMENT_UPDATED",
            "ENVIRONMENT_DELETED",
            "WORKSPACE_UPDATED",
            "SITE_PROJECT_CREATED",
            "SITE_PROJECT_DELETED",
            "SITE_VERSION_CREATED",
            "SITE_DEPLOYMENT_STARTED",
            "SITE_DEPLOYMENT_COMPLETED",
        }
    ),
    "CODEX_SECURITY_LOG": frozenset(
        {
            "SCAN_CONFIGURATION_CREATED",
            "SCAN_CONFIGURATION_UPDATED",
            "SCAN_FINDING_UPDATED",
            "PROPOSED_PATCH_PR_CREATED",
        }
    ),
}


def is_known(log_type: str, event_type: str | None) -> bool:
    """False for a sub-type the contract does not describe; types without a list of sub-types are known."""
    return log_type not in KNOWN or event_type in KNOWN[log_type]

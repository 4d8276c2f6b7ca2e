"""Which OCSF class and activity an event of the log is (schema.ocsf.io, 1.3)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final


class OcsfClass(IntEnum):
    """The classes in use; the thousands of a class are its category."""

    DETECTION_FINDING = 2004
    AUTHENTICATION = 3002
    ENTITY_MANAGEMENT = 3004
    API_ACTIVITY = 6003

    @property
    def caption(self) -> str:
        """`API Activity`."""
        return {
            OcsfClass.DETECTION_FINDING: "Detection Finding",
            OcsfClass.AUTHENTICATION: "Authentication",
            OcsfClass.ENTITY_MANAGEMENT: "Entity Management",
            OcsfClass.API_ACTIVITY: "API Activity",
        }[self]

    @property
    def category_uid(self) -> int:
        """2 findings, 3 identity and access, 6 applications."""
        return self.value // 1_000

    @property
    def profiles(self) -> tuple[str, ...]:
        """What lends the class its `actor`, where the class itself has none."""
        lent = self in {OcsfClass.DETECTION_FINDING, OcsfClass.ENTITY_MANAGEMENT}
        return ("host",) if lent else ()


CREATE, READ, UPDATE, DELETE = 1, 2, 3, 4
LOGON, LOGOFF = 1, 2
FINDING_UPDATED = 2
OTHER: Final = 99
NAMES: Final = {CREATE: "Create", READ: "Read", UPDATE: "Update", DELETE: "Delete"}
CAPTIONS: Final = {
    OcsfClass.DETECTION_FINDING: {FINDING_UPDATED: "Update"},
    OcsfClass.AUTHENTICATION: {LOGON: "Logon", LOGOFF: "Logoff"},
    OcsfClass.ENTITY_MANAGEMENT: NAMES,
    OcsfClass.API_ACTIVITY: NAMES,
}


@dataclass(frozen=True, slots=True)
class Kind:
    """A class with an activity of it; `entity` is what was managed, for Entity Management."""

    ocsf: OcsfClass
    activity_id: int
    entity: str = ""

    @property
    def type_uid(self) -> int:
        """Class and activity in one number."""
        return self.ocsf.value * 100 + self.activity_id

    def activity_name(self, code: str) -> str:
        """The activity's caption; the log's own word for one that OCSF does not know."""
        return CAPTIONS[self.ocsf].get(self.activity_id, code)


def _managed(entity: str, activity_id: int) -> Kind:
    return Kind(OcsfClass.ENTITY_MANAGEMENT, activity_id, entity)


TOKEN: Final = "access token"  # noqa: S105  # a kind of entity
BY_CODE: Final = {
    "ACCESS_TOKEN_CREATED": _managed(TOKEN, CREATE),
    "ACCESS_TOKEN_REVOKED": _managed(TOKEN, DELETE),
    "PERSONAL_ACCESS_TOKEN_CREATE": _managed(TOKEN, CREATE),
    "PERSONAL_ACCESS_TOKEN_REVOKE": _managed(TOKEN, DELETE),
    "ENVIRONMENT_CREATED": _managed("environment", CREATE),
    "ENVIRONMENT_UPDATED": _managed("environment", UPDATE),
    "ENVIRONMENT_DELETED": _managed("environment", DELETE),
    "WORKSPACE_UPDATED": _managed("workspace", UPDATE),
    "PLUGIN_CREATED": _managed("plugin", CREATE),
    "PLUGIN_DELETED": _managed("plugin", DELETE),
    "PLUGIN_INSTALLED": _managed("plugin", OTHER),
    "PLUGIN_UNINSTALLED": _managed("plugin", OTHER),
    "SITE_PROJECT_CREATED": _managed("site", CREATE),
    "SITE_PROJECT_DELETED": _managed("site", DELETE),
    "SITE_VERSION_CREATED": _managed("site version", CREATE),
    "SITE_DEPLOYMENT_STARTED": _managed("site deployment", OTHER),
    "SITE_DEPLOYMENT_COMPLETED": _managed("site deployment", OTHER),
    "SCAN_CONFIGURATION_CREATED": _managed("scan configuration", CREATE),
    "SCAN_CONFIGURATION_UPDATED": _managed("scan configuration", UPDATE),
    "SCAN_FINDING_UPDATED": Kind(OcsfClass.DETECTION_FINDING, FINDING_UPDATED),
    "PROPOSED_PATCH_PR_CREATED": Kind(OcsfClass.DETECTION_FINDING, FINDING_UPDATED),
}
VERBS: Final = {
    READ: frozenset({"LIST", "GET", "READ", "DOWNLOAD", "EXPORT", "SEARCH", "VIEW"}),
    CREATE: frozenset({"CREATE", "CREATED", "ADD", "ADDED"}),
    UPDATE: frozenset({"UPDATE", "UPDATED", "CHANGE", "CHANGED", "SET", "RENAME"}),
    DELETE: frozenset({"DELETE", "DELETED", "REMOVE", "REMOVED", "REVOKE", "REVOKED"}),
}
AUTHENTICATIONS: Final = ("AUTH_LOG", "APP_AUTH_LOG")


def kind_of(log_type: str, code: str) -> Kind:
    """The kind of an event by its log and its sub-type or action; what is not known is an API activity."""
    if code in BY_CODE:
        return BY_CODE[code]
    words = code.upper().split("_")
    if log_type in AUTHENTICATIONS:
        return Kind(OcsfClass.AUTHENTICATION, _login(words))
    verb = _verb(words) if log_type == "AUDIT_LOG" else OTHER
    return Kind(OcsfClass.API_ACTIVITY, verb)


def _login(words: list[str]) -> int:
    if words[0] in {"LOGIN", "LOGON", "SIGNIN"}:
        return LOGON
    return LOGOFF if words[0] in {"LOGOUT", "LOGOFF", "SIGNOUT"} else OTHER


def _verb(words: list[str]) -> int:
    """The first or last word tells what was done."""
    ends = {words[0], words[-1]}
    return next((activity for activity, verbs in VERBS.items() if ends & verbs), OTHER)

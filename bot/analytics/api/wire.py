"""Rows of the Codex enterprise Analytics API, as they stand on the wire.

One struct for every schema generation: fields that came later, or that the API may leave out or
send as null, are None. Unknown fields are ignored; unknown clients, models and speeds stay the
strings they are. Nothing is checked across fields: the published examples themselves do not add up.
"""

from __future__ import annotations

from typing import Annotated, Final

from msgspec import Meta, Struct

INT64_MAX: Final = 2**63 - 1
LAST_SECOND: Final = 253_402_300_799
"""9999-12-31T23:59:59Z, the last instant Python's and Arrow's dates can hold."""
AMOUNT_MAX: Final = 9_000_000_000_000.0
"""Credits or USD beyond this do not fit int64 micro-units."""

Count = Annotated[int, Meta(ge=0, le=INT64_MAX)]
Amount = Annotated[float, Meta(ge=0, le=AMOUNT_MAX)]
Percent = Annotated[float, Meta(ge=0, le=AMOUNT_MAX)]
UnixSeconds = Annotated[int, Meta(ge=0, le=LAST_SECOND)]


class Usage(Struct, frozen=True, kw_only=True):
    """Use over all clients of one person (or the workspace) in one bucket. Null tokens are unknown, not 0."""

    threads: Count
    turns: Count
    credits: Amount
    cost_usd: Amount | None = None
    estimated_cost_usd: Amount | None = None
    uncached_text_input_tokens: Count | None = None
    cached_text_input_tokens: Count | None = None
    text_output_tokens: Count | None = None
    text_total_tokens: Count | None = None


class ClientUsage(Usage, frozen=True, kw_only=True):
    """Use through one client. Client rows repeat what `totals` holds: never add both."""

    client_id: str


class ModelUsage(Struct, frozen=True, kw_only=True):
    """Use of one model at one speed. Threads and turns do not exist per model."""

    model: str
    speed: str | None = None
    credits: Amount
    cost_usd: Amount | None = None
    estimated_cost_usd: Amount | None = None
    uncached_text_input_tokens: Count | None = None
    cached_text_input_tokens: Count | None = None
    text_output_tokens: Count | None = None
    text_total_tokens: Count | None = None


class Actor(Struct, frozen=True, kw_only=True):
    """Whose row it is. The e-mail may be withheld, so people are joined on `user_id`."""

    type: str | None = "ACCOUNT_USER"
    user_id: str
    email: str | None = None


class LinesOfCode(Struct, frozen=True, kw_only=True):
    """Accepted and committed lines; the percentage runs from 0 to 100."""

    added: Count | None = None
    removed: Count | None = None
    committed: Count | None = None
    total_committed_lines: Count | None = None
    committed_percentage: Percent | None = None


class Commits(Struct, frozen=True, kw_only=True):
    """Commits with at least one line from Codex; the percentage runs from 0 to 100."""

    with_codex_contribution: Count | None = None
    with_codex_contribution_percentage: Percent | None = None
    total_commits: Count | None = None


class CodeAttribution(Struct, frozen=True, kw_only=True):
    """Nested since June 2026; the two flat fields are the form before that."""

    lines_of_code: LinesOfCode | None = None
    commits: Commits | None = None
    lines_added: Count | None = None
    lines_removed: Count | None = None


class UsageRow(Struct, frozen=True, kw_only=True):
    """One person's (or the workspace's) use between two UTC bucket edges, the end exclusive."""

    object: str = ""
    start_time: UnixSeconds
    end_time: UnixSeconds
    user_id: str | None = None
    actor: Actor | None = None
    email: str | None = None
    totals: Usage
    clients: tuple[ClientUsage, ...] | None = None
    models: tuple[ModelUsage, ...] | None = None
    code_attribution: CodeAttribution | None = None

    @property
    def person_id(self) -> str | None:
        """The person the row belongs to; None on a workspace row."""
        return self.user_id or (self.actor.user_id if self.actor else None)

    @property
    def person_email(self) -> str | None:
        """The e-mail address where the API gave one, in its newer or its older place."""
        return (self.actor.email if self.actor else None) or self.email


class CommentDetails(Struct, frozen=True, kw_only=True):
    """Review comments by priority; their sum may be smaller than all comments."""

    p0: Count
    p1: Count
    p2: Count


class ReviewRow(Struct, frozen=True, kw_only=True):
    """Reviews Codex did between two UTC bucket edges, the end exclusive."""

    object: str = ""
    start_time: UnixSeconds
    end_time: UnixSeconds
    pull_request_reviews: Count
    comments: Count
    comment_details: CommentDetails


class CommentResponseDetails(Struct, frozen=True, kw_only=True):
    """Comments that got at least one such answer."""

    engaged: Count
    reacted: Count
    replied: Count
    upvoted: Count
    downvoted: Count
    reacted_other: Count


class ReactionDetails(Struct, frozen=True, kw_only=True):
    """Reactions by kind."""

    upvotes: Count
    downvotes: Count
    other: Count


class ReviewResponseRow(Struct, frozen=True, kw_only=True):
    """Answers to reviews on pull requests merged in the bucket: another base than `ReviewRow`."""

    object: str = ""
    start_time: UnixSeconds
    end_time: UnixSeconds
    pull_request_reviews: Count
    comments: Count
    replies: Count
    reactions: Count
    comment_response_details: CommentResponseDetails
    reaction_details: ReactionDetails

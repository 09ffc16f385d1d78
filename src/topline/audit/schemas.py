"""The audit trail as JSON."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta


class AuditEventOut(msgspec.Struct, frozen=True):
    """One act. `before` and `after` hold the fields that changed."""

    id: Annotated[UUID, Meta(description="Id of the event")]
    at: Annotated[datetime, Meta(description="When, in UTC", examples=["2026-03-04T10:00:00Z"])]
    act: Annotated[str, Meta(description="`subject.verb`", examples=["person.deactivated"])]
    actor_kind: Annotated[str, Meta(description="person, tablet, display or system", examples=["person"])]
    actor_id: Annotated[UUID | None, Meta(description="The person or device; null for Topline itself")]
    actor_label: Annotated[str, Meta(description="Who did it, as they were called then; empty when erased")]
    subject_type: Annotated[str, Meta(description="What kind of thing it was about", examples=["person"])]
    subject_id: Annotated[UUID | None, Meta(description="Which one")]
    before: Annotated[
        dict[str, Any] | None, Meta(description="Changed fields as they were", examples=[{"active": True}])
    ]
    after: Annotated[
        dict[str, Any] | None,
        Meta(
            description="Changed fields as they became, and what is told besides",
            examples=[{"active": False}],
        ),
    ]
    address: Annotated[str, Meta(description="Where the request came from", examples=["192.0.2.7"])]
    request_id: Annotated[str, Meta(description="Id of the request, as in the log")]

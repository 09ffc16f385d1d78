"""Photos behind logs."""

from uuid import UUID

from litestar import Response

from topline.core.errors import Problem
from topline.core.permissions import Permission as P
from topline.logbook import actions
from topline.logbook.api.shared import TAG, one_log
from topline.logbook.images import CONTENT_TYPE, MAX_BYTES, cleaned_photo
from topline.logbook.schemas import OneLogOut
from topline.web.request import Req, actor, one_at_a_time, read, services, write
from topline.web.routing import KILOBYTE, api


@api(
    "PUT",
    "/api/behavior-logs/{log_id:uuid}/evidence",
    needs=P.LOGS_CREATE,
    summary="Add a photo to an own log",
    tag=TAG,
    errors=["already_decided", "unsupported_media"],
    status=200,
    body_limit=MAX_BYTES + KILOBYTE,
    limit="uploads",
)
async def put_evidence(request: Req, log_id: UUID) -> OneLogOut:
    """The body is the image: JPEG, PNG or WebP, at most 10 MB. It is drawn anew at 2000 pixels at most, and only
    that is kept. While nobody decided, another one takes its place."""
    parts, caller = services(request), actor(request)
    content = await request.body()

    def work() -> OneLogOut:
        with read(request) as tx:
            actions.check_evidence(tx, log_id)
        photo = actions.keep_photo(parts.files, caller.organization_id, log_id, cleaned_photo(content))
        with write(request) as tx:
            return one_log(tx, actions.add_evidence(tx, log_id, photo))

    return await one_at_a_time(request, work)


@api(
    "GET",
    "/api/behavior-logs/{log_id:uuid}/evidence",
    needs=P.LOGS_READ_OWN,
    summary="A log's photo",
    tag=TAG,
    media_type=CONTENT_TYPE,
)
def get_evidence(request: Req, log_id: UUID) -> Response[bytes]:
    """For the log's person, and for those who may see everybody's logs."""
    with read(request) as tx:
        key = actions.read_evidence(tx, log_id)
    content = services(request).files.get(key)
    if content is None:
        raise Problem("not_found", "This photo is no longer there.")
    headers = {"Cache-Control": "private, no-store", "Content-Disposition": 'inline; filename="evidence.jpg"'}
    return Response(content, media_type=CONTENT_TYPE, headers=headers)

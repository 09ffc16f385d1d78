"""The queue of a tablet."""

from datetime import datetime
from functools import partial
from typing import Any, TypeVar

import msgspec
from anyio import to_thread

from topline.behaviors.queries import Catalog
from topline.core.errors import invalid
from topline.core.permissions import Permission as P
from topline.logbook import actions
from topline.logbook.actions import LateLog, LateUndo
from topline.logbook.actions.batch import ItemResult, Kind
from topline.logbook.api.shared import TAG, asked_of, known
from topline.logbook.house import House
from topline.logbook.schemas import BatchIn, BatchOut, BatchResultOut, LateLogIn, LateUndoIn, log_out
from topline.web.request import Req, actor, write
from topline.web.routing import KILOBYTE, api

#: Logs and undos together.
BATCH_LIMIT = 200

T = TypeVar("T", bound=msgspec.Struct)


@api(
    "POST",
    "/api/behavior-logs/batch",
    needs=P.TABLET_USE,
    summary="Send a tablet's queue",
    tag=TAG,
    errors=["device_unknown"],
    status=200,
    body_limit=512 * KILOBYTE,
)
async def send_batch(request: Req, data: BatchIn) -> BatchOut:
    """Logs and undos that waited on a tablet, at most 200. Each is answered by itself and may be sent again.

    The tablet's cookie suffices: whose log it is follows from the PIN session it was tapped under.
    """
    if len(data.logs) + len(data.undos) > BATCH_LIMIT:
        raise invalid("logs", "too_many", f"At most {BATCH_LIMIT} at once.")
    caller = actor(request)
    catalog, house = await known(request, caller)
    return await to_thread.run_sync(partial(_send, request, data, house, catalog))


def _send(request: Req, data: BatchIn, house: House, catalog: Catalog) -> BatchOut:
    logs: list[LateLog] = []
    undos: list[LateUndo] = []
    refused: dict[tuple[Kind, int], BatchResultOut] = {}
    for number, raw in enumerate(data.logs):
        log = _item(raw, LateLogIn, "log", number, refused)
        if log is not None:
            logs.append(LateLog(log.session_id, asked_of(log)))
    for number, raw in enumerate(data.undos):
        undo = _item(raw, LateUndoIn, "undo", number, refused)
        if undo is not None:
            undos.append(LateUndo(undo.id, undo.session_id, undo.undone_at))
    with write(request) as tx:
        found = iter(actions.log_batch(tx, house, catalog, logs, undos))
        kinds: list[tuple[Kind, int]] = [("log", n) for n in range(len(data.logs))]
        kinds += [("undo", n) for n in range(len(data.undos))]
        return BatchOut(results=[refused.get(key) or _result(next(found), tx.now) for key in kinds])


def _item(
    raw: Any, kind: type[T], name: Kind, number: int, refused: dict[tuple[Kind, int], BatchResultOut]
) -> T | None:
    """One item, read by itself: a malformed one must not hold back those beside it."""
    try:
        return msgspec.convert(raw, kind)
    except msgspec.ValidationError as error:
        item_id = str(raw.get("id", ""))[:64] if isinstance(raw, dict) else ""
        refused[name, number] = BatchResultOut(
            id=item_id, kind=name, result="refused", code="invalid", detail=str(error)[:300]
        )
        return None


def _result(item: ItemResult, now: datetime) -> BatchResultOut:
    log = item.log
    return BatchResultOut(
        id=str(item.id),
        kind=item.kind,
        result=item.result,
        code=item.code,
        detail=item.detail,
        log=None if log is None else log_out(log, now, log.person_id),
    )

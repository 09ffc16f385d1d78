"""Personal API keys."""

from uuid import UUID

from litestar import Response

from topline.access import actions, queries
from topline.access.api.shapes import key_out
from topline.access.schemas import KeyIn, KeyList, NewKeyOut
from topline.core.permissions import Permission
from topline.web.request import Req, actor, read, write
from topline.web.routing import api

TAG = "API keys"


@api("GET", "/api/auth/keys", needs=Permission.KEYS_OWN, summary="List my API keys", tag=TAG)
def keys(request: Req) -> KeyList:
    """Those that were not revoked, the newest first. Tokens are never shown again."""
    with read(request) as tx:
        return KeyList(items=[key_out(key) for key in queries.keys(tx, actor(request).person())])


@api(
    "POST",
    "/api/auth/keys",
    needs=Permission.KEYS_OWN,
    summary="Make an API key",
    tag=TAG,
    errors=["conflict"],
    status=201,
    fresh=True,
)
def make_key(request: Req, data: KeyIn) -> Response[NewKeyOut]:
    """A key may do what you may, or less. It cannot make further keys, and ends when you lose your access.

    Nobody has more than 20 keys. The token is shown this once and stored hashed.
    """
    with write(request) as tx:
        made = actions.create_key(tx, data.name, data.permissions, data.expires_at)
    return Response(NewKeyOut(key=key_out(made.key), token=made.token), headers={"Cache-Control": "no-store"})


@api(
    "DELETE",
    "/api/auth/keys/{key_id:uuid}",
    needs=Permission.KEYS_OWN,
    summary="Revoke an API key",
    tag=TAG,
    status=204,
)
def revoke_key(request: Req, key_id: UUID) -> None:
    """It opens nothing any more, at once."""
    with write(request) as tx:
        actions.revoke_key(tx, key_id)


ROUTES = [keys, make_key, revoke_key]

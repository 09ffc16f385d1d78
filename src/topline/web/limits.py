"""How often each kind of request may come, and what an answer says about it.

Every request counts as one of its caller: the person, else the enrolled device, else the address (IPv6 by its /64).
A route that costs more counts a second time under the limit it names. Both are told by the same three headers, which
describe whichever has fewer left: `RateLimit-Limit`, `RateLimit-Remaining`, `RateLimit-Reset` in seconds.
"""

from typing import Literal

from litestar.types import HTTPScope, Scope

from topline.core.actor import Actor, ActorKind
from topline.core.errors import Problem
from topline.core.policies import parse_policy
from topline.core.settings import Settings
from topline.infra.rate_limit import Limiter, Rule, Verdict
from topline.infra.shared_counts import RedisCounts
from topline.web.addresses import bucket_of

#: What a route can name: `api("POST", …, limit="uploads")`.
Limit = Literal["reports", "uploads", "sign_in"]


def limiter_of(settings: Settings) -> Limiter:
    """The limits an operator set, counted in this process or in Redis."""
    rules = {
        "api": Rule.always(parse_policy(settings.limit_api)),
        "display": Rule.always(parse_policy(settings.limit_display)),
        "reports": Rule.always(parse_policy(settings.limit_reports)),
        "uploads": Rule.always(parse_policy(settings.limit_uploads)),
        # Sixty right PINs at shift change are welcome: wrong ones alone count, in the database. Only while the store
        # for everything else is away, a process takes no more than a busy tablet sends.
        "sign_in": Rule(policy=(), alone=parse_policy(settings.limit_sign_in_alone)),
    }
    return Limiter(rules, RedisCounts(settings.redis_url) if settings.redis_url else None)


async def count_request(scope: HTTPScope, limiter: Limiter, actor: Actor | None, address: str) -> None:
    """Count a request of whoever calls. Raises 429 when it is one too many."""
    if actor is None:
        key = f"address:{bucket_of(address)}"
    else:
        key = f"{actor.kind}:{actor.person_id or actor.device_id}"
    scope["state"]["limit_key"] = key
    # One display link may hang on several walls, and each fetches after every log.
    is_display = actor is not None and actor.kind is ActorKind.DISPLAY
    await _count(scope, limiter, "display" if is_display else "api")


async def count(scope: Scope, limiter: Limiter, limit: Limit) -> None:
    """Count a request under the limit its route names. Raises 429 when it is one too many."""
    await _count(scope, limiter, limit)


def headers_of(scope: Scope) -> list[tuple[bytes, bytes]]:
    """What the answer says: the limit with the fewest requests left."""
    verdict: Verdict | None = scope["state"].get("verdict")
    if verdict is None:
        return []
    return [
        (b"ratelimit-limit", str(verdict.limit).encode()),
        (b"ratelimit-remaining", str(verdict.remaining).encode()),
        (b"ratelimit-reset", str(verdict.reset_after).encode()),
    ]


async def _count(scope: Scope, limiter: Limiter, rule: str) -> None:
    state = scope["state"]
    verdict = await limiter.hit(rule, state["limit_key"])
    if verdict is None:
        return
    known: Verdict | None = state.get("verdict")
    if known is None or not verdict.allowed or verdict.remaining < known.remaining:
        state["verdict"] = verdict
    if not verdict.allowed:
        raise Problem("too_many_requests", _WORDS.get(rule), retry_after=verdict.retry_after)


_WORDS = {
    "api": "Many requests came in a short time. Nothing is lost: wait a moment and go on.",
    "reports": "Many reports were asked for in a short time. Wait a moment before the next one.",
    "uploads": "Many files were sent in a short time. Wait a while before the next one.",
    "sign_in": "Many people are signing in at this moment. Please try again shortly.",
}

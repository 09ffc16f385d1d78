"""What somebody sees at a device that is kept out for the moment: why, for how long, and how to get in all the same."""

from litestar import Response

from topline.access import actions
from topline.access.entrance import doors, site
from topline.core.errors import Problem
from topline.web.pages import show
from topline.web.request import Req

CODE = "known_devices_only"


def kept_out(request: Req, problem: Problem, to: str) -> Response[str]:
    """A page instead of the form: typing it all again would change nothing."""
    return show(
        request,
        "access/known_devices.html",
        status=problem.status,
        headers={"Retry-After": str(problem.retry_after)},
        detail=problem.detail,
        wait=problem.retry_after,
        passkey=actions.challenge_passkey(doors(request), site(request), None),
        next=to,
    )

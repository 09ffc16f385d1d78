"""The staff tablet: an app shell, and the service worker that keeps it when the network goes."""

from litestar import Response

from topline.web.guard import Public
from topline.web.pages import show
from topline.web.request import Req
from topline.web.routing import page
from topline.web.static_files import StaticFiles


@page("GET", "/tablet", needs=Public("the tablet signs in by PIN"))
def tablet(request: Req) -> Response[str]:
    """The shell is the same for everybody; what it shows it asks of the API."""
    return show(request, "logbook/tablet.html", framed=False, headers={"Cache-Control": "no-cache"})


@page("GET", "/sw.js", needs=Public("a browser fetches service workers without a sign-in"))
def service_worker(request: Req) -> Response[bytes]:
    """From the root, because a service worker rules only over what lies below its own path."""
    static: StaticFiles = request.app.state.static
    file = static.get("sw.js")
    assert file is not None
    body = file.body.replace(b"__STATIC__", f"/static/{static.version}".encode())
    headers = {"Cache-Control": "no-cache", "Service-Worker-Allowed": "/tablet"}
    return Response(body, media_type="text/javascript; charset=utf-8", headers=headers)


ROUTES = [tablet, service_worker]

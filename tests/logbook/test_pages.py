"""The tablet's shell and its service worker."""

from litestar.testing import TestClient

from topline.web.doorway import Doorway
from topline.web.static_files import StaticFiles


def test_the_shell_needs_nobody_and_names_one_version(client: TestClient[Doorway]) -> None:
    page = client.get("/tablet", headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["cache-control"] == "no-cache"
    assert f"/static/{StaticFiles().version}/tablet/main.js" in page.text


def test_the_service_worker_may_rule_over_the_tablet(client: TestClient[Doorway]) -> None:
    script = client.get("/sw.js")
    assert script.status_code == 200
    assert script.headers["content-type"].startswith("text/javascript")
    assert script.headers["service-worker-allowed"] == "/tablet"
    assert script.headers["cache-control"] == "no-cache"
    assert "__STATIC__" not in script.text
    assert "addEventListener" in script.text

"""Put the application together: the only place where settings meet the parts they configure."""

import gc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from anyio import to_thread
from litestar import Litestar, Router
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components

from topline import __version__
from topline.access.actions import Doors
from topline.access.entrance import limits_of
from topline.access.hashing import Hasher
from topline.access.identity import Identities
from topline.access.sealing import Seal
from topline.access.tickets import Tickets
from topline.audit.surroundings import Surroundings
from topline.behaviors.queries import Catalogs
from topline.core import schema
from topline.core.clock import Clock, SystemClock
from topline.core.db import make_engine
from topline.core.secrets.keeper import Keeper
from topline.core.settings import Settings, load_settings
from topline.core.transaction import Database
from topline.infra.cache import Cache, LocalCache, RedisCache
from topline.infra.events import Bus
from topline.infra.files import LocalFiles
from topline.infra.jobs import Jobs
from topline.infra.logs import configure_logs, flush_logs
from topline.infra.signals import LocalSignals, RedisSignals, Signals
from topline.infra.termination import on_termination
from topline.logbook.house import Houses
from topline.navigation import frame_of
from topline.rotation import follow_secrets
from topline.routes import ROUTES
from topline.scoreboard.api.stream import OpenStreams
from topline.scoring.updater import DayTotalsUpdater
from topline.subscriptions import connect
from topline.upkeep.health import Doctor, looks_of
from topline.upkeep.queries import names_of, people_to_choose, zone_of
from topline.upkeep.second_wall import warn_if_open
from topline.verification.sampling import SampleKey
from topline.web.description import CREDENTIALS
from topline.web.doorway import Doorway
from topline.web.guard import guard
from topline.web.limits import limiter_of
from topline.web.pages import Pages
from topline.web.problems import handle
from topline.web.reference import REFERENCE
from topline.web.services import Services
from topline.web.static_files import static_files

PACKAGE = Path(__file__).parent


def build_services(
    settings: Settings, clock: Clock | None = None, read: Callable[[], Settings] | None = None
) -> Services:
    """The parts without the web in front: what commands and tests use. `read` reads the settings again."""
    clock = clock or SystemClock()
    keeper = Keeper(settings, read)
    db = Database(
        settings.url(),
        clock,
        pool_size=settings.database_pool,
        row_security=settings.row_security,
        addresses=keeper.database_addresses,
    )
    bus = Bus()
    db.publish = bus.publish
    signals: Signals = RedisSignals(settings.redis_url) if settings.redis_url else LocalSignals()
    cache: Cache = RedisCache(settings.redis_url) if settings.redis_url else LocalCache()
    identities = Identities(db)
    peppers = settings.peppers()
    hasher = Hasher(peppers.versions, peppers.current, settings.bcrypt_cost, settings.hashing_threads)
    services = Services(
        settings=settings,
        clock=clock,
        db=db,
        cache=cache,
        limiter=limiter_of(settings),
        bus=bus,
        signals=signals,
        files=LocalFiles(settings.data / "files"),
        jobs=Jobs(),
        identify=identities,
    )
    services.add(
        identities,
        keeper,
        hasher,
        Doors(db, hasher, limits_of(settings), Tickets(keeper.session_keys), Seal(keeper.peppers)),
        Catalogs(db),
        Houses(db),
        SampleKey.made_from(peppers.oldest),
        DayTotalsUpdater(db, cache, signals),
        OpenStreams(),
        Surroundings(names_of, people_to_choose, zone_of),
    )
    follow_secrets(services)
    connect(services)
    return services


def create_app(
    settings: Settings, clock: Clock | None = None, read: Callable[[], Settings] | None = None
) -> Doorway:
    """The whole application as one ASGI callable. `read` reads the settings again when a secret may have changed."""
    services = build_services(settings, clock, read)
    settings.data.mkdir(0o700, parents=True, exist_ok=True)
    workers = {"jobs": services.jobs.is_alive, "day totals": services.get(DayTotalsUpdater).is_alive}
    addresses = services.get(Keeper).database_addresses
    probe = make_engine(settings.url(), writer=False, pool_size=1, addresses=addresses)
    doctor = Doctor(looks_of(services, probe, schema.revisions(), workers))
    services.add(doctor)
    static = static_files()
    folders = [PACKAGE / "web" / "templates", *sorted(PACKAGE.glob("*/templates"))]

    def drain() -> None:
        """Asked to end: no new work from the balancer, and no stream that would keep the process up."""
        doctor.draining = True
        services.get(OpenStreams).end()

    @asynccontextmanager
    async def running(_: Litestar) -> AsyncIterator[None]:
        # The application itself, some 140 000 objects, is never garbage: walking it for each full collection held up
        # every request of that moment for 80 ms.
        gc.freeze()
        gc.set_threshold(20_000, 20, 20)
        to_thread.current_default_thread_limiter().total_tokens = settings.threads
        services.signals.start()
        services.bus.start()
        services.jobs.start()
        services.get(DayTotalsUpdater).start()
        on_termination(drain, delay=settings.drain_seconds)
        await to_thread.run_sync(warn_if_open, services.db)
        try:
            yield
        finally:
            doctor.draining = True
            services.jobs.stop()
            services.bus.stop()
            services.get(DayTotalsUpdater).stop()
            services.signals.stop()
            await services.limiter.close()
            services.get(Hasher).close()
            services.db.close()
            probe.dispose()
            flush_logs()

    app = Litestar(
        route_handlers=ROUTES,
        guards=[guard],
        exception_handlers={Exception: handle},
        lifespan=[running],
        openapi_config=OpenAPIConfig(
            title="Topline",
            version=__version__,
            description="Log behaviors, verify them, enter results, and see whether the house is winning.",
            # Litestar's own router wants a place; the document people use is at /openapi.json (web/reference.py).
            openapi_router=Router(
                path="/openapi", route_handlers=[], opt={"needs": REFERENCE}, include_in_schema=False
            ),
            components=Components(security_schemes=dict(CREDENTIALS)),
            render_plugins=[JsonRenderPlugin()],
            use_handler_docstrings=True,
        ),
        logging_config=None,
        debug=False,
    )
    app.state.services = services
    app.state.static = static
    app.state.pages = Pages(folders, static, frame_of)
    return Doorway(app, services, static)


def app_from_environment() -> Doorway:
    """The application with the settings of the environment: what the server's worker process calls."""
    settings = load_settings()
    configure_logs(settings.log_level, settings.log_format)
    return create_app(settings, read=load_settings)

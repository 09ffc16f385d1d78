"""Who wakes whom: the only file that knows both a lower domain's event and the higher domain that listens."""

from uuid import UUID

from topline.access.actions import end_sessions
from topline.access.entrance import register_chores
from topline.access.events import HouseSetUp, IdentityChanged
from topline.access.identity import IDENTITY_TOPIC, Identities
from topline.audit.chores import register_chores as register_audit_chores
from topline.behaviors.actions import install_catalog
from topline.behaviors.events import BehaviorsChanged
from topline.behaviors.queries import CATALOG_TOPIC, Catalogs
from topline.core.actor import system
from topline.infra.cache import RedisCache
from topline.logbook.events import EvidenceAdded, LogRecorded, LogUndone
from topline.logbook.house import TOPIC as HOUSE_TOPIC, Houses
from topline.organizations.events import OrganizationChanged
from topline.organizations.queries import organization_ids
from topline.people.events import AccessLost, PeopleChanged
from topline.results.chores import register_chores as register_results_chores
from topline.results.events import BenchmarkChanged, DailyEntryChanged
from topline.scoring.events import BOARD_TOPIC, board_group
from topline.scoring.updater import DayTotalsUpdater
from topline.verification.chores import register_chores as register_verification_chores
from topline.verification.events import LogsDecided
from topline.web.services import Services


def connect(services: Services) -> None:
    """Wire events and signals. Called once, before the first request."""
    bus, cache, signals = services.bus, services.cache, services.signals

    def heard(topic: str) -> None:
        if topic == IDENTITY_TOPIC:
            services.get(Identities).forget_all()
        elif topic.startswith(CATALOG_TOPIC):
            services.get(Catalogs).forget(UUID(topic.removeprefix(CATALOG_TOPIC)))
        elif topic.startswith(HOUSE_TOPIC):
            services.get(Houses).forget(UUID(topic.removeprefix(HOUSE_TOPIC)))

    def organization_changed(event: OrganizationChanged) -> None:
        cache.forget(f"organization:{event.organization_id}")
        signals.emit(f"{HOUSE_TOPIC}{event.organization_id}")
        cache.forget(f"leaderboard:{event.organization_id}")
        signals.emit(f"board:{event.organization_id}")

    def people_changed(event: PeopleChanged) -> None:
        cache.forget(f"people:{event.organization_id}")
        cache.forget(f"leaderboard:{event.organization_id}")
        signals.emit(IDENTITY_TOPIC)
        signals.emit(f"board:{event.organization_id}")

    def access_lost(event: AccessLost) -> None:
        with services.db.write(system(event.organization_id)) as tx:
            end_sessions(tx, event.person_id, event.reason)

    def house_set_up(event: HouseSetUp) -> None:
        with services.db.write(system(event.organization_id, "first run")) as tx:
            install_catalog(tx)

    def behaviors_changed(event: BehaviorsChanged) -> None:
        signals.emit(f"{CATALOG_TOPIC}{event.organization_id}")
        cache.forget(f"behaviors:{event.organization_id}")

    signals.on_signal(heard)
    bus.subscribe(BehaviorsChanged, behaviors_changed, inline=True)
    bus.subscribe(IdentityChanged, lambda _: signals.emit(IDENTITY_TOPIC), inline=True)
    bus.subscribe(AccessLost, access_lost, inline=True)
    bus.subscribe(HouseSetUp, house_set_up, inline=True)
    bus.subscribe(OrganizationChanged, organization_changed, inline=True)
    bus.subscribe(PeopleChanged, people_changed, inline=True)
    register_chores(services)
    register_audit_chores(services, organization_ids)
    register_results_chores(services)
    register_verification_chores(services)
    _keep_the_board_true(services)


def _keep_the_board_true(services: Services) -> None:
    """Logs change day totals; whatever a board or the wall shows is forgotten and their screens are told."""
    totals = services.get(DayTotalsUpdater)

    def logged(event: LogRecorded | LogUndone | EvidenceAdded) -> None:
        totals.mark(event.organization_id, ((event.business_date, event.person_id),))

    def decided(event: LogsDecided) -> None:
        # The boards are told when their totals are rebuilt; told earlier, they would show what was.
        totals.mark(event.organization_id, event.pairs)
        services.cache.forget(f"queue:{event.organization_id}")
        services.signals.emit(f"queue:{event.organization_id}")

    def changed(
        event: BehaviorsChanged | BenchmarkChanged | DailyEntryChanged | OrganizationChanged | PeopleChanged,
    ) -> None:
        # True at once for who asks; the screens are told a moment later, once for a whole import.
        services.cache.forget(board_group(event.organization_id))
        totals.mark(event.organization_id)

    def heard(topic: str) -> None:
        # Another process rebuilt the totals: what this one keeps in front of Redis is old.
        if topic.startswith(BOARD_TOPIC) and isinstance(services.cache, RedisCache):
            services.cache.forget_locally(board_group(topic.removeprefix(BOARD_TOPIC)))

    for kind in (LogRecorded, LogUndone, EvidenceAdded):
        services.bus.subscribe(kind, logged, inline=True)
    services.bus.subscribe(LogsDecided, decided, inline=True)
    for other in (BehaviorsChanged, BenchmarkChanged, DailyEntryChanged, OrganizationChanged, PeopleChanged):
        services.bus.subscribe(other, changed, inline=True)
    services.signals.on_signal(heard)

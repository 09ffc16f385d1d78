"""Who wakes whom: the only file that knows both a lower domain's event and the higher domain that listens."""

from topline.access.identity import IDENTITY_TOPIC, Identities
from topline.behaviors.events import BehaviorsChanged
from topline.infra.cache import RedisCache
from topline.logbook.events import EvidenceAdded, LogRecorded, LogUndone
from topline.organizations.events import OrganizationChanged
from topline.people.events import PeopleChanged
from topline.scoring.updater import BOARD_TOPIC, DayTotalsUpdater, board_group
from topline.web.services import Services


def connect(services: Services, identities: Identities) -> None:
    """Wire events and signals. Called once, before the first request."""

    def heard(topic: str) -> None:
        if topic == IDENTITY_TOPIC:
            identities.forget_all()

    services.signals.on_signal(heard)
    _keep_the_board_true(services)


def _keep_the_board_true(services: Services) -> None:
    """Logs change day totals; whatever a board or the wall shows is forgotten and their screens are told."""
    totals = DayTotalsUpdater(services.db, services.cache, services.signals)
    services.extras["day_totals"] = totals

    def logged(event: LogRecorded | LogUndone | EvidenceAdded) -> None:
        totals.mark(event.organization_id, ((event.business_date, event.person_id),))

    def changed(event: BehaviorsChanged | OrganizationChanged | PeopleChanged) -> None:
        totals.mark(event.organization_id)

    def heard(topic: str) -> None:
        # Another process rebuilt the totals: what this one keeps in front of Redis is old.
        if topic.startswith(BOARD_TOPIC) and isinstance(services.cache, RedisCache):
            services.cache.forget_locally(board_group(topic.removeprefix(BOARD_TOPIC)))

    for kind in (LogRecorded, LogUndone, EvidenceAdded):
        services.bus.subscribe(kind, logged, inline=True)
    for other in (BehaviorsChanged, OrganizationChanged, PeopleChanged):
        services.bus.subscribe(other, changed, inline=True)
    services.signals.on_signal(heard)

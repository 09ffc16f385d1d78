"""Who wakes whom: the only file that knows both a lower domain's event and the higher domain that listens."""

from topline.access.identity import IDENTITY_TOPIC, Identities
from topline.organizations.events import OrganizationChanged
from topline.people.events import PeopleChanged
from topline.web.services import Services


def connect(services: Services, identities: Identities) -> None:
    """Wire events and signals. Called once, before the first request."""
    bus, cache, signals = services.bus, services.cache, services.signals

    def heard(topic: str) -> None:
        if topic == IDENTITY_TOPIC:
            identities.forget_all()

    def organization_changed(event: OrganizationChanged) -> None:
        cache.forget(f"organization:{event.organization_id}")
        cache.forget(f"leaderboard:{event.organization_id}")
        signals.emit(f"board:{event.organization_id}")

    def people_changed(event: PeopleChanged) -> None:
        cache.forget(f"people:{event.organization_id}")
        cache.forget(f"leaderboard:{event.organization_id}")
        signals.emit(IDENTITY_TOPIC)
        signals.emit(f"board:{event.organization_id}")

    signals.on_signal(heard)
    bus.subscribe(OrganizationChanged, organization_changed, inline=True)
    bus.subscribe(PeopleChanged, people_changed, inline=True)

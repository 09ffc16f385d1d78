"""Who wakes whom: the only file that knows both a lower domain's event and the higher domain that listens."""

from topline.access.identity import IDENTITY_TOPIC, Identities
from topline.web.services import Services


def connect(services: Services, identities: Identities) -> None:
    """Wire events and signals. Called once, before the first request."""

    def heard(topic: str) -> None:
        if topic == IDENTITY_TOPIC:
            identities.forget_all()

    services.signals.on_signal(heard)

"""What happens in a running program when a secret changes."""

from collections.abc import Iterator

from topline.access.hashing import Hasher
from topline.core.secrets.check import parts_of, password_in
from topline.core.secrets.keeper import Keeper
from topline.core.settings import Settings
from topline.infra.logs import keep_out
from topline.web.services import Services


def follow_secrets(services: Services) -> None:
    """Hand new secrets to the parts that use them, keep them out of the log, and look for new ones at intervals."""
    keeper, hasher, db = services.get(Keeper), services.get(Hasher), services.db

    def changed(settings: Settings) -> None:
        keep_out(_secrets_of(settings))
        peppers = settings.peppers()
        hasher.use(peppers.versions, peppers.current)
        if settings.url() != db.url:
            db.url = settings.url()
            db.renew()

    keep_out(_secrets_of(services.settings))
    hasher.look_again = keeper.refresh
    keeper.on_change(changed)
    services.jobs.every(services.settings.secrets_refresh, "secrets", keeper.refresh)


def _secrets_of(settings: Settings) -> Iterator[str]:
    for name, text in settings.secret_values().items():
        yield from [password_in(text)] if "://" in text else parts_of(name, text)

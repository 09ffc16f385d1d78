"""What results do by themselves, at intervals."""

from topline.results.actions import forget_old_previews
from topline.web.services import Services


def register_chores(parts: Services) -> None:
    """Forget previews of imports that nobody finished, with their files."""
    parts.jobs.every(
        3600, "old previews", lambda: forget_old_previews(parts.db, parts.files, parts.clock.now())
    )

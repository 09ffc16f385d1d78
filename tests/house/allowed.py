"""Exceptions from the house rules. Each says why; each must still be needed."""

from tests.house.repo import Allowed

ALLOWED: tuple[Allowed, ...] = (
    Allowed(
        "neighbor",
        "src/topline/scoreboard/api/tablet.py",
        "topline.logbook.schemas",
        "a log on the tablet has one shape, whether it comes with the day or by itself",
    ),
    Allowed(
        "neighbor",
        "src/topline/scoreboard/schemas/tablet.py",
        "topline.logbook.schemas",
        "the day on the tablet holds logs in the logbook's own shape",
    ),
    Allowed(
        "neighbor",
        "src/topline/upkeep/commands.py",
        "topline.access.hashing",
        "the commands hand the hasher that main built to the demo loader",
    ),
    Allowed(
        "neighbor",
        "src/topline/upkeep/load/demo.py",
        "topline.access.hashing",
        "the demo loader hashes two hundred PINs in bulk, outside any sign-in",
    ),
    Allowed(
        "neighbor",
        "src/topline/upkeep/load/people.py",
        "topline.access.hashing",
        "the demo loader writes token hashes in bulk, outside any enrolment",
    ),
    Allowed(
        "template",
        "src/topline/upkeep/preflight/report.html",
        "<style>",
        "a report is a file of its own, opened from a disk where our stylesheet is not",
    ),
)

"""The demo hotel: 200 invented people, 72 real business days and what was logged on them, made from one seed.

Pure: nothing here knows a database. `generate` makes the house, `logs` streams what its people logged, and a loader
writes both down. The same seed, day and moment give the same hotel, down to every id.
"""

from topline.upkeep.demo.generate import generate
from topline.upkeep.demo.logs import logs
from topline.upkeep.demo.shapes import (
    DemoAssignment,
    DemoBehavior,
    DemoBenchmark,
    DemoDay,
    DemoDepartment,
    DemoDevice,
    DemoHotel,
    DemoLocation,
    DemoLog,
    DemoOrganization,
    DemoPerson,
    DemoRole,
)

__all__ = [
    "DemoAssignment",
    "DemoBehavior",
    "DemoBenchmark",
    "DemoDay",
    "DemoDepartment",
    "DemoDevice",
    "DemoHotel",
    "DemoLocation",
    "DemoLog",
    "DemoOrganization",
    "DemoPerson",
    "DemoRole",
    "generate",
    "logs",
]

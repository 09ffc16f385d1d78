"""Every table, gathered so that migrations and checks see them all."""

from topline.access.models import (
    ApiKey,
    Authenticator,
    Device,
    EnrollmentCode,
    ImportedPin,
    Passkey,
    Password,
    PasswordLink,
    Pin,
    PinFailure,
    RecoveryCode,
    SignIn,
    SignInFailure,
    SignInRefusal,
    SpentTicket,
)
from topline.audit.models import AuditChain, AuditEvent, AuditSeal
from topline.behaviors.models import Behavior, BehaviorRole, BehaviorTerm
from topline.core.db import Base
from topline.logbook.models import BehaviorLog, Evidence, LogEvent
from topline.organizations.models import Closure, Department, Installation, Location, Organization
from topline.people.models import Person, Role
from topline.results.models import (
    Benchmark,
    DailyEntry,
    DailyEntryVersion,
    Import,
    ImportChange,
    PersonResult,
)
from topline.scoring.models import DayTotal
from topline.verification.models import DecisionBatch

metadata = Base.metadata

__all__ = [
    "ApiKey",
    "AuditChain",
    "AuditEvent",
    "AuditSeal",
    "Authenticator",
    "Behavior",
    "BehaviorLog",
    "BehaviorRole",
    "BehaviorTerm",
    "Benchmark",
    "Closure",
    "DailyEntry",
    "DailyEntryVersion",
    "DayTotal",
    "DecisionBatch",
    "Department",
    "Device",
    "EnrollmentCode",
    "Evidence",
    "Import",
    "ImportChange",
    "ImportedPin",
    "Installation",
    "Location",
    "LogEvent",
    "Organization",
    "Passkey",
    "Password",
    "PasswordLink",
    "Person",
    "PersonResult",
    "Pin",
    "PinFailure",
    "RecoveryCode",
    "Role",
    "SignIn",
    "SignInFailure",
    "SignInRefusal",
    "SpentTicket",
    "metadata",
]

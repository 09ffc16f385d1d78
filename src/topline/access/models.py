"""Tables: every credential and what was tried with it. Tokens stand as SHA-256, PINs and passwords as slow hashes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, String, false
from sqlalchemy.orm import Mapped, mapped_column

from topline.core.db import Base, Tenant


def _person_key() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["organization_id", "person_id"], ["people.organization_id", "people.id"])


class Pin(Tenant, Base):
    """A person's PIN as bcrypt over HMAC-SHA-256 with a pepper; the database refuses anything that is not a hash."""

    __tablename__ = "pins"
    __table_args__ = (
        _person_key(),
        CheckConstraint("pin_hash LIKE '$2_$__$%' AND length(pin_hash) = 60", name="is_bcrypt"),
    )

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    pin_hash: Mapped[str] = mapped_column(String(60))
    pepper_version: Mapped[int]
    must_change: Mapped[bool] = mapped_column(default=False)
    disabled_at: Mapped[datetime | None]
    set_at: Mapped[datetime]


class ImportedPin(Tenant, Base):
    """A PIN that a bulk load brought along as plain text, until `topline pins migrate` has hashed it. Mostly empty."""

    __tablename__ = "imported_pins"
    __table_args__ = (_person_key(),)

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    pin: Mapped[str] = mapped_column(String(100))


class PinFailure(Tenant, Base):
    """Wrong PINs of one person on one tablet since the last right one."""

    __tablename__ = "pin_failures"
    __table_args__ = (_person_key(),)

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    device_id: Mapped[UUID] = mapped_column(primary_key=True)
    consecutive: Mapped[int]
    paused_until: Mapped[datetime | None]
    last_at: Mapped[datetime]


class Password(Tenant, Base):
    """A person's password as argon2id (or bcrypt, brought along from elsewhere and replaced at the next sign-in)."""

    __tablename__ = "passwords"
    __table_args__ = (
        _person_key(),
        CheckConstraint("password_hash LIKE '$argon2id$%' OR password_hash LIKE '$2_$__$%'", name="is_hash"),
    )

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    password_hash: Mapped[str] = mapped_column(String(255))
    changed_at: Mapped[datetime]
    must_change: Mapped[bool] = mapped_column(default=False, server_default=false())


class SignInFailure(Base):
    """Wrong tries of the last day in one bucket: a tablet, a house, an address or an account (`access/limits.py`).

    `failures` holds ISO instants. One row a bucket, so that locking it lines up those who try at once. Not a tenant's
    table: an address belongs to nobody yet.
    """

    __tablename__ = "sign_in_failures"
    __table_args__ = (Index("ix_sign_in_failures_last", "last_at"),)

    bucket: Mapped[str] = mapped_column(String(100), primary_key=True)
    failures: Mapped[list[str]]
    last_at: Mapped[datetime]


class SignIn(Tenant, Base):
    """A session: by PIN on a tablet (`kind` tablet) or by e-mail and password (`kind` browser).

    The row stays after the end, because a queue of taps that arrives late is attributed through it. `method` says what
    was shown (`password+authenticator`), `confirmed_at` when the person last showed that it is still them.
    """

    __tablename__ = "sign_ins"
    __table_args__ = (
        _person_key(),
        Index("ix_sign_ins_token", "token_hash", unique=True),
        Index("ix_sign_ins_person", "organization_id", "person_id", "ended_at"),
        Index("ix_sign_ins_device", "organization_id", "device_id", "created_at"),
        CheckConstraint("kind IN ('tablet', 'browser')", name="known_kind"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    device_id: Mapped[UUID | None]
    kind: Mapped[str] = mapped_column(String(10))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None] = mapped_column(String(30))
    method: Mapped[str] = mapped_column(String(30), default="", server_default="")
    address: Mapped[str] = mapped_column(String(45), default="", server_default="")
    agent: Mapped[str] = mapped_column(String(200), default="", server_default="")
    confirmed_at: Mapped[datetime | None]


class SignInRefusal(Tenant, Base):
    """A try to sign in as somebody that was refused, as its person sees it in their history."""

    __tablename__ = "sign_in_refusals"
    __table_args__ = (
        _person_key(),
        Index("ix_sign_in_refusals_person", "organization_id", "person_id", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    at: Mapped[datetime]
    method: Mapped[str] = mapped_column(String(30))
    device_id: Mapped[UUID | None]
    address: Mapped[str] = mapped_column(String(45), default="")
    agent: Mapped[str] = mapped_column(String(200), default="")


class Authenticator(Tenant, Base):
    """An authenticator app: its secret, sealed with the version `key_id` of the pepper.

    `last_step` is the newest half minute whose code was taken: no code counts twice.
    """

    __tablename__ = "authenticators"
    __table_args__ = (_person_key(),)

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    sealed: Mapped[str] = mapped_column(String(200))
    key_id: Mapped[str] = mapped_column(String(16))
    last_step: Mapped[int] = mapped_column(BigInteger)
    added_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class Passkey(Tenant, Base):
    """A passkey (WebAuthn credential): only what is public. `sign_count` going backwards betrays a copied key."""

    __tablename__ = "passkeys"
    __table_args__ = (
        _person_key(),
        Index("ix_passkeys_credential", "credential_id", unique=True),
        Index("ix_passkeys_person", "organization_id", "person_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(String(60))
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1023))
    public_key: Mapped[bytes] = mapped_column(LargeBinary(2000))
    sign_count: Mapped[int] = mapped_column(BigInteger)
    transports: Mapped[list[str]]
    backed_up: Mapped[bool]
    added_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class RecoveryCode(Tenant, Base):
    """One of ten codes for the day the phone is lost, each good once. 78 random bits, so a plain hash hides them."""

    __tablename__ = "recovery_codes"
    __table_args__ = (
        _person_key(),
        Index("ix_recovery_codes_code", "organization_id", "person_id", "code_hash", unique=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class PasswordLink(Tenant, Base):
    """A link with which its person sets a new password, once, within a day. It ends when the password changes."""

    __tablename__ = "password_links"
    __table_args__ = (
        _person_key(),
        Index("ix_password_links_token", "token_hash", unique=True),
        Index("ix_password_links_person", "organization_id", "person_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None] = mapped_column(String(30))


class SpentTicket(Base):
    """A ticket (`access/tickets.py`) that was used: it is good once. Kept until it would be over anyway.

    Not a tenant's table: a ticket may be given out before anybody knows who comes.
    """

    __tablename__ = "spent_tickets"
    __table_args__ = (Index("ix_spent_tickets_expires", "expires_at"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    expires_at: Mapped[datetime]


class Device(Tenant, Base):
    """An enrolled tablet or a wall display. Revoking sets `revoked_at`; the row stays for the trail."""

    __tablename__ = "devices"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "location_id"], ["locations.organization_id", "locations.id"]
        ),
        Index("ix_devices_token", "token_hash", unique=True),
        CheckConstraint("kind IN ('tablet', 'display')", name="known_kind"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(60))
    location_id: Mapped[UUID]
    department_id: Mapped[UUID | None]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None]
    last_seen_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class EnrollmentCode(Tenant, Base):
    """A code that turns one browser into one tablet, once, within ten minutes."""

    __tablename__ = "enrollment_codes"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "location_id"], ["locations.organization_id", "locations.id"]
        ),
        Index("ix_enrollment_codes_code", "code_hash", unique=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    location_id: Mapped[UUID]
    department_id: Mapped[UUID | None]
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    device_id: Mapped[UUID | None]


class ApiKey(Tenant, Base):
    """A personal key for scripts: its maker's permissions, narrowed to `permissions` when that is not null."""

    __tablename__ = "api_keys"
    __table_args__ = (_person_key(), Index("ix_api_keys_token", "token_hash", unique=True))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(String(60))
    prefix: Mapped[str] = mapped_column(String(16))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    permissions: Mapped[list[str] | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

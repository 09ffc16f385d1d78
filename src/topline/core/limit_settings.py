"""The settings that say how often something may happen, as a part of all settings (`core/settings.py`)."""

from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings

from topline.core.policies import readable_pause, readable_policy

#: How often something may happen, such as `30/15minute;100/day`.
PolicyText = Annotated[str, AfterValidator(readable_policy)]
#: After how many in a row somebody waits, and how long, such as `5/15minute`.
PauseText = Annotated[str, AfterValidator(readable_pause)]


class LimitSettings(BaseSettings):
    """Every limit an operator can set. What each is for: `docs/operate/limits.md`."""

    limit_api: PolicyText = Field("100/minute", description="Requests per user, device or unknown address.")
    limit_display: PolicyText = Field(
        "1200/minute", description="Requests per wall display, however many screens show it."
    )
    limit_reports: PolicyText = Field("10/minute", description="Reports and exports per user.")
    limit_uploads: PolicyText = Field("50/hour", description="Uploads and imports per user.")
    limit_unknown_sign_in: PolicyText = Field(
        "5/15minute", description="Failed sign-ins per address of an unknown device."
    )
    limit_device_sign_in: PolicyText = Field(
        "30/15minute;100/day", description="Failed sign-ins per enrolled tablet."
    )
    limit_organization_sign_in: PolicyText = Field(
        "200/day", description="Failed PIN sign-ins per organization."
    )
    limit_organization_alarm: PolicyText = Field(
        "60/15minute",
        description="Failed sign-ins of any kind per organization that sound the alarm; from then on, for as long"
        " again, only known devices get in there.",
    )
    limit_account_sign_in: PauseText = Field(
        "5/15minute",
        description="After how many wrong passwords in a row an account pauses, and how long; each further one doubles"
        " it. So do wrong PINs for a person at one tablet.",
    )
    limit_pin_sign_in: PauseText = Field(
        "3/30second",
        description="After how many wrong PINs in a row a person pauses at one tablet for a moment, and how long; each"
        " further one doubles it.",
    )
    limit_pin_off: int = Field(
        10,
        ge=1,
        le=100,
        description="Wrong PINs in a row, at all tablets together, that switch a PIN off until it is replaced.",
    )
    limit_sign_in_alone: PolicyText = Field(
        "20/minute",
        description="Sign-ins, right or wrong, per tablet or address and process while Redis is away.",
    )

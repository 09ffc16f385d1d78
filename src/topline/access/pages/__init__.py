"""Pages of signing in, the own account, tablets and displays, and the first run."""

from topline.access.pages import (
    account,
    confirm,
    devices,
    factors,
    history,
    new_password,
    passkeys,
    people,
    second_step,
    sign_in,
    welcome,
)

ROUTES = [
    *sign_in.ROUTES,
    *second_step.ROUTES,
    *account.ROUTES,
    *factors.ROUTES,
    *passkeys.ROUTES,
    *confirm.ROUTES,
    *history.ROUTES,
    *new_password.ROUTES,
    *devices.ROUTES,
    *people.ROUTES,
    *welcome.ROUTES,
]

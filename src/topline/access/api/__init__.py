"""JSON routes of signing in, devices, keys and locks."""

from topline.access.api import devices, factors, keys, locks, passkeys, people, sign_in, tablet

ROUTES = [
    *sign_in.ROUTES,
    *factors.ROUTES,
    *passkeys.ROUTES,
    *tablet.ROUTES,
    *devices.ROUTES,
    *keys.ROUTES,
    *locks.ROUTES,
    *people.ROUTES,
]

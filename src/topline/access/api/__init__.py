"""JSON routes of signing in, devices, keys and locks."""

from topline.access.api import devices, factors, keys, locks, people, sign_in, tablet

ROUTES = [
    *sign_in.ROUTES,
    *factors.ROUTES,
    *tablet.ROUTES,
    *devices.ROUTES,
    *keys.ROUTES,
    *locks.ROUTES,
    *people.ROUTES,
]

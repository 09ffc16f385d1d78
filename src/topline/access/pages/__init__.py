"""Pages of signing in, the own account, tablets and displays, and the first run."""

from topline.access.pages import account, devices, people, sign_in, welcome

ROUTES = [*sign_in.ROUTES, *account.ROUTES, *devices.ROUTES, *people.ROUTES, *welcome.ROUTES]

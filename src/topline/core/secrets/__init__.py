"""Where secrets come from, how good they are, and how a running program hears of new ones.

`stores` is what a store must be able to do, `aws` and `vault` are two of them; `sources` reads files, systemd's
credentials and the store for `core/settings.py`; `own` makes what development needs; `check` and `strength` judge what
was found; `keeper` reads again while the program runs.
"""

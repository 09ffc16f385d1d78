"""The tenant: organization, locations, departments, currency, zone, opening hours, business day, settings."""

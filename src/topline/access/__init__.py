"""From credential to actor: devices, PINs, passwords, sessions and API keys."""

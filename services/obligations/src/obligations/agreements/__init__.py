"""Agreements as this service has heard of them: facts received, terms in force, tranches, the frozen rule set."""

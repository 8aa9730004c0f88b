"""Holds: the causes for which no further tranche of an agreement is paid."""

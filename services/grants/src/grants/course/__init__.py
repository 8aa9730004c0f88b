"""The course of an agreement: what touches it, its tranches, its holds and the account together."""

"""Payments as the bank shows them: what came back, and the references that an account bears once."""

"""Disputes: the recipient's complaint about a demand, and its decision."""

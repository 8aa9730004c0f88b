"""Clearance: the question to obligations before money goes out."""

"""Dated lists and parameters with source and verification: what a rule may rest on, and which row it rested on."""

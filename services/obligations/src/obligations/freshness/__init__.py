"""Freshness: how far the facts under a claim have come, asked of the funding service over HTTP and of ourselves."""

"""One bank reference as several people type it."""

TYPED = "KKMF-1"
OTHERWISE_TYPED = ("kkmf-1", "KKMF -1", "KKMF\u00a0-1", "\u041a\u043a\u041cF\u20131", "\uff2bKMF\u22121")
"""Small letters; a blank; a no-break space; Cyrillic К, к, М and a dash; a full-width K and a minus sign."""
ANOTHER = ("KKMF-11", "KKMF1", "K-KMF1")
"""What is not the same: a digit more, and dashes that stand elsewhere."""

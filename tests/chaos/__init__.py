"""Faults of real processes under traffic; a package, so that what its tests share ends with the last of them."""

"""Reports: what a recipient says it achieved in a year, with its evidence; corrected, withdrawn, never deleted."""

"""Base rates of the National Bank: bitemporal, confirmed by two, known up to a day and never extrapolated."""

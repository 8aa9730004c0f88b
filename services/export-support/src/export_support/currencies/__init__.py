"""Official exchange rates of the National Bank, by day and unit."""

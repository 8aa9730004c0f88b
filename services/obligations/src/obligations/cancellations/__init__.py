"""Cancellations: an obligation that one officer proposes to void and another voids."""

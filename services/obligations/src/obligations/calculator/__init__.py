"""The calculator: one question about a repayment, answered without keeping anything."""

"""Cost documents: no cost is reimbursed twice, whatever the spelling, across applicants, years and institutes."""

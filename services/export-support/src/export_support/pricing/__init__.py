"""The estimate: what would be reimbursed of each line and of the whole, each factor shown."""

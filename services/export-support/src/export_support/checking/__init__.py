"""The checker: the reviewers' rules, the same before a request is signed and after it."""

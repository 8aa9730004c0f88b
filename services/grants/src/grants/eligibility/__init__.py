"""Eligibility: the four conditions of Law 86-VII, Art. 25(5), judged as dated conditions on dated evidence."""

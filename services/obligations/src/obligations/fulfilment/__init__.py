"""Fulfilment of counter-obligations: the level of each, the K of a year, breaches, and what a year stands for."""

from obligations.fulfilment.allotment import ReportingYear, allot, allot_tranche
from obligations.fulfilment.levels import Measured, is_breach, level_of
from obligations.fulfilment.year import Aggregation, ObligationLevel, fulfilment_of_year

__all__ = [
    "Aggregation",
    "Measured",
    "ObligationLevel",
    "ReportingYear",
    "allot",
    "allot_tranche",
    "fulfilment_of_year",
    "is_breach",
    "level_of",
]

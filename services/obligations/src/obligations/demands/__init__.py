"""Demands: a claim's version that one officer proposes to demand and another approves."""

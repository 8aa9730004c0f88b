"""The published language: the events that services exchange and others may read; data only, one module a vocabulary."""

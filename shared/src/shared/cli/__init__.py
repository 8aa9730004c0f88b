"""The command line `tirek`."""

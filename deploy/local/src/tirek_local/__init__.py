"""Tirek on one machine: the servers, the supervisor and the stories."""

"""The commission: a motion, votes, minutes, and the answer to an application."""

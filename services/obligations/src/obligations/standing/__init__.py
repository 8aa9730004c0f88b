"""Standing: whether money may go out under an agreement, and what is open of a recipient."""

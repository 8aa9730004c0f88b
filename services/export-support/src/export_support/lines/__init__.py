"""Cost lines: the fifteen categories, each a type with its own fields."""

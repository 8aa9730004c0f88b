"""The catalogue of indicators: what counter-obligations may be about, by measure and direction, dated."""

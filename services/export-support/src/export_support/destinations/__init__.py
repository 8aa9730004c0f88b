"""Where goods go: countries, ways of transport, border crossings, zones of dispatch, and the rules for them."""

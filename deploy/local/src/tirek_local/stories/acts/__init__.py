"""What people do in stories and journeys, step by step through REST: each act answers what the service answered."""

"""The worker process of a service: relay, consumers and scheduled jobs."""

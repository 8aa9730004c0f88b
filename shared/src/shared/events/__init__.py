"""Messaging safety: publishing with the state, the relay to Kafka, the consumer with inbox and gate, parked events."""

"""The platform of Tirek: everything a service stands on, and the published language of events."""

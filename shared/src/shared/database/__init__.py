"""The database of a service: engine, column types, the platform's own tables and migrations."""

"""What Tirek publishes about itself, generated from the code and committed: schemas, AsyncAPI, OpenAPI."""

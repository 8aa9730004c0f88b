"""Who is calling: tokens, roles, and the development issuer that stands in for an identity provider."""

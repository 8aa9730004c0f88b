"""Changes of an agreement in force: asked for by the recipient or an officer, proposed by one, approved by another."""

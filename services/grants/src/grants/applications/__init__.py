"""Applications: from a draft to the commission's answer."""

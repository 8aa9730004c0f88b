"""The recipient's reports on the project's plan: one for each reporting year, and the closing report."""

"""Legal days: local days in Asia/Almaty and terms in working days by a dated, versioned calendar."""

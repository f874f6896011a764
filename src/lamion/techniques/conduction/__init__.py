"""Ion conduction: conductivity."""

"""What lithium that is plated to and fro tells: overpotential, resistance, shorts, critical current, efficiency."""

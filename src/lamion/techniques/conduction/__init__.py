"""Ion conduction: conductivity, current fractions, salt diffusion, concentration cells, electronic leakage."""

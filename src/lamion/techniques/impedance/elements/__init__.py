"""Circuit elements, each declared once: parameters, units, bounds, equation and derivatives; `register.py` has all."""

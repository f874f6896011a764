"""What vibrational, photoelectron and resonance spectra say of a material, on the components that lie under them."""

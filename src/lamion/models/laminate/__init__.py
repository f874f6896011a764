"""From the structure of a laminate, a mixture or an image to what it leaves of each ion's conductivity."""

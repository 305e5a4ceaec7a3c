"""Pages of those who answer for a département."""

"""Pages of those who plan for the whole country."""

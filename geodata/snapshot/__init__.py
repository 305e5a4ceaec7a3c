"""The embedded national snapshot: its tables (``*.parquet``) and the builder that writes them."""

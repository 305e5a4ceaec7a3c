"""Files that leave the application: HTML, CSV, GeoPackage, PDF."""

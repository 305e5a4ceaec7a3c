"""The page of data: the catalogue's layers, downloads, imports."""

"""One module a producer: official layout in, checked table out."""

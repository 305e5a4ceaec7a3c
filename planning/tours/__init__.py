"""Mobile tours: stops and vans in, a calendar out."""

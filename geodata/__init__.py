"""Facts: sources, readers and checked tables. The only package that reads files or the network."""

"""A prefect's proposal: moved positions, their effect, the author's and the reader's side."""

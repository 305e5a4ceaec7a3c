"""Location models: a problem in, a plan with its bound out."""

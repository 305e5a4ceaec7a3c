"""The planner's plan: its map, its figures, saved scenarios."""

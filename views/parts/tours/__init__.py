"""The page of tours: its form, map, panels, files, publication."""

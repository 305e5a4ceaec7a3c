"""The page of siting: its form, link, runs, tabs and figures."""

"""The page of access: its data, map, rules, tabs and figures."""

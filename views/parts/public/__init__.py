"""The public search: places nearby, their hours, filters, cards, next passages."""

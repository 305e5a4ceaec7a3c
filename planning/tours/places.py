"""Where a van may stop in a commune: its town hall, as the public directory has it."""

from functools import cache

from geodata import tables


@cache
def town_hall_places() -> dict[str, str]:
    """Return commune code → name, address and telephone of its town hall, what is known of it."""
    halls = tables.town_halls().drop_duplicates("commune_code")
    columns = ("name", "address", "phone")
    rows = zip(halls["commune_code"], *(halls[column] for column in columns), strict=True)
    return {
        str(code): ", ".join(part.strip() for part in parts if isinstance(part, str) and part)
        for code, *parts in rows
    }

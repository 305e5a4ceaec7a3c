"""Which contacts may be kept: landlines and web sites of public bodies and associations."""

import re
from typing import Final

_MOBILE: Final = re.compile(r"0[67]")
_PERSONAL_SITE: Final = re.compile(r"@|pagesperso|perso\.|facebook\.|blog", re.IGNORECASE)


def landline(text: object) -> str | None:
    """Return a French number as ``04 70 48 50 00``; ``None`` if mobile, short or unreadable."""
    digits = re.sub(r"\D", "", text) if isinstance(text, str) else ""
    digits = re.sub(r"^(00)?33(?=\d{9}$)", "0", digits)
    if not re.fullmatch(r"0\d{9}", digits) or _MOBILE.match(digits):
        return None
    return " ".join(digits[start : start + 2] for start in range(0, 10, 2))


def public_site(text: object) -> str | None:
    """Return the first web address; ``None`` for a personal page, a network, a blog or nonsense."""
    site = text.split(";")[0].strip() if isinstance(text, str) else ""
    if re.match(r"https?://[^\s/]+\.[^\s]+$", site) and not _PERSONAL_SITE.search(site):
        return site
    return None

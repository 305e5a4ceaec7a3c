"""What is said of minutes wherever they are shown: that they are modelled, and how well."""

from coverage import accuracy
from views.parts import wording


def minutes_note() -> str:
    """Return the sentence that stands beside modelled minutes."""
    flat, steep = accuracy.FLAT, accuracy.MOUNTAIN
    share = wording.share
    return (
        "Minutes en voiture modélisées, hors embouteillages, sans fichier de routes : la longueur "
        f"d'un trajet est juste à {share(flat.median)} près une fois sur deux et à "
        f"{share(flat.p90)} près neuf fois sur dix en plaine, à {share(steep.median)} et "
        f"{share(steep.p90)} près en montagne."
    )

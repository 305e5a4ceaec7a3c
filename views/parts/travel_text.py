"""What is said of minutes wherever they are shown: that they are modelled, and how well."""

from coverage import accuracy
from views.parts import wording


def minutes_note() -> str:
    """Return the sentence that stands beside modelled minutes."""
    median = wording.share(accuracy.LENGTH_ERROR_MEDIAN)
    most = wording.share(accuracy.LENGTH_ERROR_P90)
    return (
        "Minutes en voiture modélisées, sans fichier de routes : la longueur d'un trajet est "
        f"juste à {median} près une fois sur deux, à {most} près neuf fois sur dix."
    )

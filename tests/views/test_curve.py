import base64
import re

from views.parts.curve import COLOURS, DASHES, Curve, curves_image

AT_MIN = (0.0, 10.0, 20.0)


def drawn(image: str) -> str:
    return base64.b64decode(re.search(r"base64,([^\"]+)", image).group(1)).decode()


def test_curves_are_told_apart_by_dashes_and_names_and_read_aloud():
    image = curves_image(
        AT_MIN, [Curve("Allier", (0.0, 0.5, 1.0)), Curve("France & co", (0.0, 0.1, 0.4))], "Part"
    )
    svg = drawn(image)
    assert svg.count("<polyline") == 2
    assert "France &amp; co" in svg
    assert 'stroke-dasharray=""' in svg
    assert f'stroke-dasharray="{DASHES[1]}"' in svg
    assert "Allier : la moitié à 10" in image
    assert "France &amp; co : moins de la moitié" in image


def test_a_curve_rises_from_bottom_left_to_top_right():
    svg = drawn(curves_image(AT_MIN, [Curve("a", (0.0, 0.5, 1.0))], "Part"))
    points = re.search(r'points="([^"]+)"', svg).group(1).split()
    x, y = zip(*(map(float, point.split(",")) for point in points), strict=True)
    assert list(x) == sorted(x)
    assert list(y) == sorted(y, reverse=True)
    assert len(set(COLOURS)) == len(COLOURS) == len(set(DASHES))

"""All the files of a plan, written whole or not at all."""

import errno
import json
import shutil
import tempfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
from shapely.geometry import LineString

from coverage import accuracy
from geodata import tables
from geodata.crs import STORED
from geodata.errors import DataError
from planning.deployment import Deployment
from planning.report.method import notices
from planning.report.page import report_page
from planning.report.pdf import report_pdf
from planning.report.plan_json import clock, plan_dict
from planning.report.plan_report import plan_report
from planning.report.plan_tables import commune_table
from planning.report.spreadsheet import harmless
from planning.report.workbook import report_workbook

FILES = (
    "plan.json",
    "sites.csv",
    "tours.csv",
    "plan.geojson",
    "plan.gpkg",
    "plan.xlsx",
    "plan.html",
    "plan.pdf",
)


def check_folder(folder: Path) -> None:
    """Make a folder that can be written, before a long computation.

    Raises
    ------
    DataError
        If it cannot be: another file has its name, or the user may not write there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except FileExistsError as error:
        raise DataError(
            "Ce n'est pas un dossier, mais un fichier",
            where=str(folder),
            remedy="Choisissez un autre dossier avec --out.",
        ) from error
    except OSError as error:
        raise _unwritable(error, folder) from error


def _unwritable(error: OSError, folder: Path) -> DataError:
    if error.errno == errno.ENOSPC:
        return DataError(
            "Le disque est plein",
            where=str(folder),
            remedy="Libérez de la place, ou choisissez un autre dossier avec --out.",
        )
    return DataError(
        f"Impossible d'écrire le plan : {error.strerror}",
        where=str(folder),
        remedy="Choisissez avec --out un dossier où vous pouvez écrire.",
    )


def write_plan(deployment: Deployment, folder: Path) -> list[Path]:
    """Write the files of a plan, named in :data:`FILES`.

    They are made beside ``folder`` and moved in when all are complete.

    Raises
    ------
    DataError
        If the folder cannot be written, or the disk is full.
    """
    check_folder(folder)
    try:
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as made:
            part = Path(made)
            _write_all(deployment, part)
            for name in FILES:
                shutil.move(part / name, folder / name)
    except OSError as error:
        raise _unwritable(error, folder) from error
    return [folder / name for name in FILES]


def _write_all(deployment: Deployment, part: Path) -> None:
    plan = plan_dict(deployment)
    text = json.dumps(plan, ensure_ascii=False, indent=2, allow_nan=False)
    (part / "plan.json").write_text(text + "\n", encoding="utf-8")
    harmless(sites_table(deployment)).to_csv(part / "sites.csv", index=False)
    harmless(tours_table(deployment)).to_csv(part / "tours.csv", index=False)
    (part / "plan.geojson").write_text(plan_geojson(deployment), encoding="utf-8")
    write_geopackage(deployment, part / "plan.gpkg")
    report = plan_report(deployment)
    workbook = report_workbook(report, commune_table(deployment))
    (part / "plan.xlsx").write_bytes(workbook)
    (part / "plan.html").write_text(report_page(report), encoding="utf-8")
    (part / "plan.pdf").write_bytes(report_pdf(report))


def sites_table(deployment: Deployment) -> pd.DataFrame:
    """Return one row a host that receives positions."""
    columns = [
        "commune_code", "commune_name", "name", "host_kind", "positions",
        "persons_assigned", "reinforces", "hours", "lon", "lat", "why",
    ]  # fmt: skip
    rows = [[getattr(site, column) for column in columns] for site in deployment.sites]
    table = pd.DataFrame(rows, columns=columns)
    table["persons_assigned"] = table["persons_assigned"].astype(float).round(1)
    return table


def tours_table(deployment: Deployment) -> pd.DataFrame:
    """Return one row a visit of the cycle."""
    rows = [
        {
            "department": department,
            "week": route.week + 1,
            "weekday": route.weekday + 1,
            "base": route.base_code,
            "van": route.van + 1,
            "rank": rank + 1,
            "commune_code": visit.commune_code,
            "commune_name": plan.problem.stops[visit.stop].name,
            "communes_served": " ".join(plan.problem.stops[visit.stop].served_communes),
            "persons": round(plan.problem.stops[visit.stop].persons, 1),
            "every_weeks": plan.problem.stops[visit.stop].every_weeks,
            "arrive": clock(visit.arrive_min),
            "depart": clock(visit.depart_min),
            "drive_min_of_day": round(route.drive_min, 1),
            "km_of_day": round(route.km, 1),
        }
        for department, plan in deployment.touring.plans.items()
        for route in plan.days
        for rank, visit in enumerate(route.visits)
    ]
    columns = [
        "department", "week", "weekday", "base", "van", "rank", "commune_code", "commune_name",
        "communes_served", "persons", "every_weeks", "arrive", "depart", "drive_min_of_day",
        "km_of_day",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def plan_geojson(deployment: Deployment) -> str:
    """Return the sites and the days of tours as GeoJSON; ``kind`` tells them apart."""
    sites = sites_table(deployment)
    points = gpd.GeoDataFrame(
        sites, geometry=gpd.points_from_xy(sites["lon"], sites["lat"]), crs=STORED
    )
    features = []
    for kind, frame in (("site", points), ("tour", tour_lines(deployment))):
        found = json.loads(frame.to_json(drop_id=True, na="null"))["features"]
        features += [{**one, "properties": {"kind": kind, **one["properties"]}} for one in found]
    sources = [
        {"title": p.title, "producer": p.producer, "vintage": p.vintage, "licence": p.licence}
        for p, _ in deployment.situation.provenance
        if p.status != "missing"
    ]
    whole = {
        "type": "FeatureCollection",
        "features": features,
        "sources": sources,
        "notices": notices(deployment),
        "minutes_note": accuracy.NOTE,
    }
    return json.dumps(whole, ensure_ascii=False) + "\n"


def write_geopackage(deployment: Deployment, path: Path) -> None:
    """Write sites, tours and communes as the layers of one GeoPackage."""
    sites = sites_table(deployment)
    points = gpd.points_from_xy(sites["lon"], sites["lat"])
    layers = {
        "sites": gpd.GeoDataFrame(sites, geometry=points, crs=STORED),
        "tours": tour_lines(deployment),
        "communes": _commune_shapes(deployment),
    }
    for name, frame in layers.items():
        frame.to_file(path, layer=name, driver="GPKG", engine="pyogrio")


def tour_lines(deployment: Deployment) -> gpd.GeoDataFrame:
    """Return one straight-legged line a day of tour, from the base back to it (EPSG:4326)."""
    communes = tables.communes()
    rows = []
    for department, plan in deployment.touring.plans.items():
        for route in plan.days:
            codes = [route.base_code, *(v.commune_code for v in route.visits), route.base_code]
            line = LineString(communes.loc[codes, ["lon", "lat"]].to_numpy(dtype=float))
            rows.append(
                {
                    "department": department,
                    "week": route.week + 1,
                    "weekday": route.weekday + 1,
                    "base": route.base_code,
                    "van": route.van + 1,
                    "drive_min": round(route.drive_min, 1),
                    "km": round(route.km, 1),
                    "geometry": line,
                }
            )
    columns = ["department", "week", "weekday", "base", "van", "drive_min", "km", "geometry"]
    return gpd.GeoDataFrame(rows, columns=columns, geometry="geometry", crs=STORED)


def _commune_shapes(deployment: Deployment) -> gpd.GeoDataFrame:
    table = deployment.communes()
    shapes = pd.concat([tables.outlines(d) for d in sorted(set(table["department"]))])
    numbers = table.replace([float("inf")], float("nan")).reset_index(names="code")
    geometry = shapes["geometry"].reindex(table.index).to_numpy()
    return gpd.GeoDataFrame(numbers, geometry=geometry, crs=STORED)

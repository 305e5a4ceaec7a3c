"""Runs a notebook again, and tells what it prints."""

import os
from pathlib import Path

import nbformat
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
TIMEOUT_S = 300


def notebooks() -> list[Path]:
    """The notebooks, in the order of their names."""
    return sorted(NOTEBOOKS.glob("*.ipynb"))


def run(path: Path) -> nbformat.NotebookNode:
    """Run a notebook from a clean start; returns it with its new outputs."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=TIMEOUT_S,
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": str(path.parent)}},
    )
    # A test of the pages run before in this process may have chosen a backend without pictures.
    client.execute(env={k: v for k, v in os.environ.items() if k != "MPLBACKEND"})
    # What a machine adds of its own does not belong to the document.
    notebook.metadata.pop("language_info", None)
    return notebook


def printed(notebook: nbformat.NotebookNode) -> list[str]:
    """What each cell prints and shows as text, without the pictures."""
    texts = []
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        parts = []
        for output in cell.outputs:
            if output.output_type == "stream":
                parts.append(output.text)
            elif output.output_type == "error":
                parts.append(f"{output.ename}: {output.evalue}")
            elif "image/png" not in output.data:
                parts.append(output.data.get("text/plain", ""))
        # What is printed arrives in one piece or in several, as the machine has it.
        texts.append("\n".join(part.rstrip("\n") for part in parts))
    return texts


def pictures(notebook: nbformat.NotebookNode) -> int:
    """How many pictures a notebook shows."""
    return sum(
        "image/png" in output.get("data", {})
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
    )

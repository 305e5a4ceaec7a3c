import json
import re

import nbformat
import pytest

from tests.notebooks.running import notebooks, pictures, printed, run

NAMES = ["01_need.ipynb", "02_access.ipynb", "03_siting.ipynb", "04_tours.ipynb"]


def test_the_four_notebooks_are_there():
    assert [path.name for path in notebooks()] == NAMES


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_a_notebook_is_committed_whole_and_clean(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert pictures(notebook) == 1
    for cell in code:
        for output in cell.outputs:
            assert output.output_type != "error"
            assert output.get("name") != "stderr"
    # Neither the paths of a machine, nor when or how long it ran.
    text = json.dumps([cell.get("outputs", []) for cell in code])
    text = re.sub(r'"image/png": "[^"]*"', "", text)
    assert not re.search(r"/home/|/work/|/tmp/|/Users/|[A-Z]:\\\\", text)
    assert all("execution" not in cell.metadata for cell in code)


@pytest.mark.slow
@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_a_notebook_prints_the_same_when_run_again(path):
    committed = nbformat.read(path, as_version=4)
    again = run(path)
    assert printed(again) == printed(committed)
    assert pictures(again) == pictures(committed)

"""``python -m tests.notebooks``: run the notebooks and keep their outputs."""

import nbformat

from tests.notebooks.running import notebooks, run

if __name__ == "__main__":
    for path in notebooks():
        nbformat.write(run(path), path)
        print(path.name)

"""The command line, as a user types it."""

import json
import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from planning.__main__ import main

ROOT = Path(__file__).parents[2]


def start(*arguments: str, **environment: str) -> subprocess.Popen:
    env = {k: v for k, v in os.environ.items() if k != "GEODATA_DIR"} | environment
    return subprocess.Popen(
        [sys.executable, "-m", "planning", *arguments],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(*arguments: str, **environment: str) -> tuple[int, str, str]:
    process = start(*arguments, **environment)
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def main_says(capsys, *arguments: str) -> tuple[int, str, str]:
    """Run the command in this process: what costs no interpreter nor its imports."""
    try:
        code = main(arguments)
    except SystemExit as end:  # wrong options end there
        code = end.code
    return code, *capsys.readouterr()


def test_a_fresh_process_and_a_warm_one_write_the_same_plan_but_for_the_time(
    tmp_path, capsys, bare_machine
):
    plans = []
    for name, how in (("a", run), ("b", partial(main_says, capsys))):
        code, out, err = how(
            "plan", "--territory", "972", "--positions", "8", "--iterations", "50",
            "--out", str(tmp_path / name),
        )  # fmt: skip
        assert code == 0, err
        assert "Martinique" in out
        plan = json.loads((tmp_path / name / "plan.json").read_text("utf-8"))
        del plan["solver"]["seconds"]
        plans.append(plan)
    assert plans[0] == plans[1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--territory", "999", "--positions", "30"), "Territoire inconnu"),
        (("--territory", "Alier", "--positions", "30"), "Allier"),
        (("--territory", "FR", "--positions", "4000"), "région ou un département"),
        (("--territory", "03", "--positions", "0"), "compris entre 1 et 4000"),
        (("--territory", "03", "--positions", "10000"), "compris entre 1 et 4000"),
        (("--territory", "03", "--positions", "beaucoup"), "option incorrecte"),
    ],
)
def test_a_wrong_request_ends_with_one_message_and_code_2(tmp_path, capsys, arguments, said):
    out = tmp_path / "out"
    code, _, err = main_says(capsys, "plan", *arguments, "--out", str(out))
    assert code == 2
    assert said in err
    assert not out.exists() or not list(out.iterdir())


def test_a_file_of_the_wrong_layout_is_named(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    (data / "laposte_poincont2.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    code, _, err = run(
        "plan", "--territory", "972", "--positions", "8", "--out", str(tmp_path / "out"),
        GEODATA_DIR=str(data), GEODATA_CACHE=str(tmp_path / "cache"),
    )  # fmt: skip
    assert code == 2
    assert "laposte_poincont2.csv" in err
    assert "Traceback" not in err
    assert "Latitude" in err
    assert not list((tmp_path / "out").iterdir())


def test_a_kill_in_the_middle_leaves_no_half_plan(tmp_path):
    out = tmp_path / "out"
    process = start(
        "plan", "--territory", "03", "--positions", "30", "--seconds", "60", "--out", str(out)
    )
    heard = ""
    while "Organisation des tournées" not in heard:
        heard += process.stderr.read(1)
        assert process.poll() is None, heard
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)
    assert out.exists()
    assert not list(out.iterdir())

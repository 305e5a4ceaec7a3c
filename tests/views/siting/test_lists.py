"""Lists of communes, from a file or from a link."""

import pytest

from views.parts.siting import lists
from views.parts.siting.lists import from_link, in_link, read_file

HERE = {"03190", "03310", "03185"}
EVERY = HERE | {"2A004", "97209"}


@pytest.mark.parametrize(
    "content",
    [
        b"03190\n03310\n2a004\n",
        "code;commune\r\n03190;Moulins\r\n03310;Vichy\r\n2A004;Ajaccio\r\n".encode("utf-8-sig"),
        "nom,code\nÉtang,03190\n,03310\n\nB,2A004\n,03190".encode("latin-1"),
    ],
)
def test_a_list_is_read_whatever_its_layout(content):
    listed = read_file(content, HERE, EVERY)
    assert listed.codes == ("03190", "03310")
    assert listed.outside == 1
    assert listed.faults == ()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"code\n3190\n03310", "ligne 2"),
        (b"03190\n01999", "01999 (ligne 2)"),
        (b"2A004", "aucune commune du territoire"),
        (b"", "aucune commune"),
        (b"PK\x03\x04\x00\x00", "fichier de texte"),
        (b"0" * (lists.MOST_BYTES + 1), "Mo"),
    ],
)
def test_a_list_that_is_not_understood_says_where(content, said):
    assert any(said in fault for fault in read_file(content, HERE, EVERY).faults)


def test_a_short_list_stands_in_the_link_and_a_long_one_is_named():
    assert in_link(("03190", "2A004")) == "03190,2A004"
    assert from_link("03190,2a004,x") == ("03190", "2A004")
    long = tuple(f"{n:05d}" for n in range(1001, 2500))
    named = in_link(long)
    assert len(named) == 17
    assert from_link(named) == long
    assert from_link("~0123456789abcdef") == ()


def test_the_server_keeps_a_bounded_number_of_lists(monkeypatch):
    monkeypatch.setattr(lists, "LISTS_KEPT", 2)
    several = [tuple(f"{k}{n:04d}" for n in range(300)) for k in (1, 2, 3)]
    names = [in_link(one) for one in several]
    assert from_link(names[0]) == ()
    assert from_link(names[2]) == several[2]

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import reference
from bot.analytics.directory import UNASSIGNED, Directory, Member, read_directory, write_starter
from bot.model.errors import BadSetting


def read(tmp_path: Path, text: str | bytes) -> Directory:
    path = tmp_path / "people.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_directory(path)


def test_a_directory_gives_teams_and_chat_accounts(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "\ufeffEmail,Team,Manager,Chat_Id\r\nana@x.example,Web,boss@x.example,U1\r\n\r\n"
        "'=b@x.example, Data ,,\r\n",
    )
    assert found.members == (
        Member("ana@x.example", "Web", "boss@x.example", "U1"),
        Member("=b@x.example", "Data"),
    )
    assert found.team_of("ANA@x.example") == "Web"
    assert found.team_of("cid@x.example") is None
    assert found.team_of(None) is None
    assert found.email_of_chat("u1") == "ana@x.example"
    assert found.email_of_chat("") is None
    assert found.chat_of_email("Ana@x.example") == "U1"
    assert found.chat_of_email("=b@x.example") is None
    assert found.sizes == {"Web": 1, "Data": 1}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("email;team\na@x;Web\n", "line 1: there is no column `email;team`"),
        ("mail,team\n", "Did you mean `email`?"),
        ("email,manager\n", "the column `team` is missing"),
        ("email,team,team\n", "named twice"),
        ("email,team\na@x.example,Web\nb@x.example,\n", "line 3: the team is missing"),
        ("email,team\nana,Web\n", "line 2: the first thing needed is an e-mail address"),
        ("email,team\na@x.example,Web,more\n", "line 2: 3 cells under 2 columns"),
        ("email,team\na@x.example\n", "line 2: 1 cell under 2 columns"),
        ("email,team\na@x.example,Web\nA@x.example,Data\n", "line 3: the same person stands in line 2"),
        ("email,team,chat_id\na@x.example,Web,U1\nb@x.example,Web,u1\n", "line 3: the same chat account"),
        ('email,team\n"a@x.example,Web\n', "line 2: unexpected end of data"),
        (b"email,team\n\xff\xfe,Web\n", "is not UTF-8"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_naming_the_line(
    tmp_path: Path, text: str | bytes, said: str
) -> None:
    with pytest.raises(BadSetting) as caught:
        read(tmp_path, text)
    assert said in caught.value.message
    assert "PULSE_DIRECTORY_FILE" in caught.value.hint


def test_a_refusal_names_a_line_and_nobody(tmp_path: Path) -> None:
    with pytest.raises(BadSetting) as caught:
        read(tmp_path, "email,team\nana@x.example,Web\nana@x.example,Data\n")
    assert "ana" not in caught.value.message


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match=r"nowhere\.csv"):
        read_directory(tmp_path / "nowhere.csv")


ADDRESSES = st.from_regex(r"[=+\-@']?[a-z.]{1,12}@x\.example", fullmatch=True)


@given(st.sets(ADDRESSES, min_size=1).filter(lambda found: not any(a.startswith("'") for a in found)))
def test_a_starter_file_reads_back_with_everybody_in_it(
    tmp_path_factory: pytest.TempPathFactory, emails: set[str]
) -> None:
    out = StringIO(newline="")
    assert write_starter(emails, out) == len(emails)
    assert not any(line.startswith(("=", "+", "-", "@")) for line in out.getvalue().splitlines())
    found = read(tmp_path_factory.mktemp("starter"), out.getvalue())
    assert {member.email for member in found.members} == emails
    assert {member.team for member in found.members} == {UNASSIGNED}


def test_the_demo_workspace_has_a_directory_with_a_small_team(tmp_path: Path) -> None:
    found = read(tmp_path, reference.demo_directory())
    assert found.sizes["Security"] == 3
    assert min(size for team, size in found.sizes.items() if team != "Security") >= 5
    member = reference.demo_people()["member"]
    assert found.email_of_chat("U0MEMBER") == member.email

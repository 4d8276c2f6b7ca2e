from __future__ import annotations

from pathlib import Path

import pytest

from bot.lake import lake_root
from bot.model.errors import BadSetting


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("data/lake", "data/lake"),
        ("/srv/lake", "/srv/lake"),
        ("file:///srv/a%20lake", "/srv/a lake"),
        ("file://localhost/srv", "/srv"),
    ],
)
def test_a_path_or_a_file_url_names_the_lake(url: str, path: str) -> None:
    assert lake_root(url) == Path(path)


def test_a_file_is_no_place_for_the_lake(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.touch()
    for url in (str(taken), taken.as_uri()):
        with pytest.raises(BadSetting) as refused:
            lake_root(url)
        assert str(taken) in refused.value.message


@pytest.mark.parametrize(
    "url", ["", "  ", "s3://bucket/lake", "https://x.example/lake", "file://other/lake", "file://"]
)
def test_any_other_place_is_refused_by_name(url: str) -> None:
    with pytest.raises(BadSetting) as refused:
        lake_root(url)
    assert "LAKE_URL" in refused.value.message

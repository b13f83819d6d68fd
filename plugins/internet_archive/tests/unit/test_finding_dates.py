"""Days of concerts, out of dates that are junk."""

import pytest

from hydrophone_internet_archive.dates import find_date, written


@pytest.mark.parametrize(
    ("date", "identifier", "day"),
    [
        ("1977-05-08", "x", "1977-05-08"),
        ("1977-05-08T00:00:00Z", "x", "1977-05-08"),
        ("1977-5-8", "x", "1977-05-08"),
        ("1977/05/08", "x", "1977-05-08"),
        ("1977-13-05", "x", "1977-05-13"),
        ("1977-00-00", "gd77-05-08", "1977-XX-XX"),
        ("1977-05-00", "x", "1977-05-XX"),
        ("1977-02-31", "x", "1977-02-XX"),
        ("1977-45-45", "x", "1977-XX-XX"),
        ("1977", "x", "1977-XX-XX"),
        ("0000-01-01T00:00:00Z", "gd1977-05-08.sbd", "1977-05-08"),
        ("", "gd77-05-08.sbd.hicks.4982", "1977-05-08"),
        ("", "ph2001_02_03", "2001-02-03"),
        ("", "ph20010203.aud", "2001-02-03"),
        ("", "ymsb03-07-04", "2003-07-04"),
        ("unknown", "gd.4982.111493", ""),
        ("", "gd77-13-45", ""),
        ("9999-01-01", "x", ""),
    ],
)
def test_a_date_is_repaired_or_found_elsewhere(date: str, identifier: str, day: str) -> None:
    assert written(find_date(date, identifier=identifier, title="", year="")) == day


def test_the_title_and_then_the_year_are_the_last_resort() -> None:
    title = "Grateful Dead Live at Barton Hall on 1977-05-08"
    found = find_date("", identifier="x", title=title, year="1980")
    assert written(found) == "1977-05-08"
    assert written(find_date("", identifier="x", title="A tape", year="1980")) == "1980-XX-XX"

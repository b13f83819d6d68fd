"""Nothing that the server answers goes without a case in the table."""


def test_each_registered_endpoint_has_a_case(cases: set[str], registered: dict[str, bool]) -> None:
    assert set(registered) <= cases

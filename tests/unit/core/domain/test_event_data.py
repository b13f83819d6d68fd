"""What events say is what the reference says."""

import msgspec

from hydrophone.domain.event import AnnotationNews, EventKind, encode_event


def test_only_a_rating_says_a_rating() -> None:
    star = encode_event(EventKind.STARRED, AnnotationNews(user_name="anna", item_id="tr-1"))
    assert msgspec.json.decode(star.data) == {"user_name": "anna", "item_id": "tr-1"}
    taken_back = AnnotationNews(user_name="anna", item_id="tr-1", rating=0)
    assert msgspec.json.decode(encode_event(EventKind.RATED, taken_back).data)["rating"] == 0

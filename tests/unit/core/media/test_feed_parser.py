"""What is made of feeds, and which are refused."""

import time
from collections.abc import Iterator

import pytest

from hydrophone.errors import MediaError
from hydrophone.media.feed import MOST_EPISODES, Feed, FeedRequest
from hydrophone.media.feed_parser import parse_feed

ITUNES = 'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'


def parse(text: str | bytes) -> Feed:
    content = text.encode() if isinstance(text, str) else text
    return parse_feed(FeedRequest(url="https://feeds.example/show.xml", content=content))


def rss(*items: str, head: str = "<title>Sea Talk</title>") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" {ITUNES}>'
        f"<channel>{head}{''.join(items)}</channel></rss>"
    )


def item(
    number: int, *, kind: str = "audio/mpeg", url: str = "", guid: str = "", more: str = ""
) -> str:
    where = url or f"https://cdn.example/{number}.mp3?x=1&amp;y=2"
    return (
        f"<item><title>Part {number}</title><guid>{guid or number}</guid>"
        f"<pubDate>Thu, {number % 27 + 1:02} Jan 2026 10:00:00 +0100</pubDate>"
        f'<enclosure url="{where}" length="1234" type="{kind}"/>{more}</item>'
    )


def test_a_feed_with_all_that_is_used() -> None:
    head = (
        "<title> Sea &amp; Talk </title><description>All about\x85 it</description>"
        '<itunes:image href="https://img.example/a.jpg"/>'
    )
    more = (
        "<itunes:duration>1:02:03</itunes:duration><description>&lt;p&gt;Hi&lt;/p&gt;</description>"
    )
    feed = parse(rss(item(1), item(2, more=more), head=head))
    assert (feed.title, feed.image_url) == ("Sea & Talk", "https://img.example/a.jpg")
    second, first = feed.episodes
    assert (first.title, first.guid, first.size) == ("Part 1", "1", 1234)
    assert first.published == 1_767_344_400_000
    assert first.url == "https://cdn.example/1.mp3?x=1&y=2"
    assert (first.suffix, first.content_type) == ("mp3", "audio/mpeg")
    assert (second.title, second.description) == ("Part 2", "Hi")
    assert [round(first.duration), round(second.duration)] == [0, 3723]


def test_atom_is_a_feed_too() -> None:
    feed = parse(
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title><entry><id>x</id>'
        "<title>One</title><updated>2026-01-02T09:00:00Z</updated>"
        '<link rel="enclosure" type="audio/mp4" href="/one.m4a" length="5"/></entry></feed>'
    )
    assert [(e.url, e.suffix) for e in feed.episodes] == [("https://feeds.example/one.m4a", "m4a")]


def test_only_what_can_be_played_is_an_episode() -> None:
    feed = parse(
        rss(
            item(1, kind="application/pdf", url="https://x.example/a.pdf"),
            item(2, kind="", url="https://x.example/b.ogg"),
            item(3, kind="audio/mpeg; charset=x", url="file:///etc/passwd"),
            item(4, kind="nonsense", url="https://x.example/c"),
            item(0, guid="2"),
            "<item><title>Words only</title><guid>w</guid></item>",
        )
    )
    assert [(e.guid, e.suffix) for e in feed.episodes] == [("2", "ogg")]


def test_of_too_many_episodes_the_newest_stay() -> None:
    feed = parse(rss(*(item(number) for number in range(MOST_EPISODES + 100))))
    assert len(feed.episodes) == MOST_EPISODES
    dates = [episode.published or 0 for episode in feed.episodes]
    assert dates == sorted(dates, reverse=True)


def test_long_texts_are_cut() -> None:
    feed = parse(rss(item(1, more=f"<description>{'x' * 100_000}</description>")))
    assert len(feed.episodes[0].description) == 4000


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True)
    )
    + "]><rss><channel><title>&j;</title></channel></rss>"
)


def refused() -> Iterator[tuple[str | bytes, str]]:
    yield BOMB, "document type"
    yield rss().replace("?>", '?><!DOCTYPE rss SYSTEM "file:///etc/passwd">'), "document type"
    yield '<!DOCTYPE html><html lang="en"><p>x', "web page"
    yield "  \n<HTML><body>", "web page"
    yield "", "broken"
    yield "\xff\xfe\x00junk", "broken"
    yield rss(item(1))[:-30], "broken"
    yield "<opml><body/></opml>", "no feed"
    yield "<rss><channel>" + "<a>" * 200_000, "nested"
    yield rss(head="<title>&undefined;</title>"), "broken"


@pytest.mark.parametrize(("text", "reason"), list(refused()))
def test_what_is_no_feed_says_why(text: str, reason: str) -> None:
    started = time.monotonic()
    with pytest.raises(MediaError, match=reason):
        parse(text)
    assert time.monotonic() - started < 20

"""Bookmarks, and the play queue."""

from functools import partial

from hydrophone_subsonic.conformance.answer import Json
from hydrophone_subsonic.conformance.probe import Probe, Value
from hydrophone_subsonic.conformance.rule import Chapter
from hydrophone_subsonic.conformance.rules.answers import declare_answers, declare_refusals
from hydrophone_subsonic.conformance.verdict import Skipped, expect

chapter = Chapter("bookmarks", "Bookmarks and play queue")

declare_answers(chapter, "getBookmarks", "getPlayQueue", "getPlayQueueByIndex")
declare_refusals(chapter, "createBookmark", "deleteBookmark", writes=True)

_MARK = "docs:endpoints/createbookmark/"
_QUEUE = "docs:endpoints/saveplayqueue/"


def _marks(probe: Probe) -> dict[str, Json]:
    """Return the user's bookmarks by the ids of their songs."""
    listed: list[Json] = probe.ask("getBookmarks")["bookmarks"].get("bookmark", [])
    return {str(mark["entry"]["id"]): mark for mark in listed}


def _unmarked(probe: Probe) -> str:
    """Return the id of a song without a bookmark; what is made for it will be deleted."""
    marked = _marks(probe)
    for song in probe.facts.songs:
        id_ = str(song["id"])
        if id_ not in marked:
            step = partial(probe.ask, "deleteBookmark", id=id_)
            still = partial(_is_marked, probe, id_)
            probe.undo.later(f"the bookmark of {id_}", step, still=still)
            return id_
    raise Skipped(f"None of the {len(probe.facts.songs)} songs looked at is without a bookmark.")


def _is_marked(probe: Probe, id_: str) -> bool:
    return id_ in _marks(probe)


@chapter.rule(
    "bookmark.create", "A bookmark is kept, with position and comment", why=_MARK, writes=True
)
def _create(probe: Probe) -> None:
    id_ = _unmarked(probe)
    probe.ask("createBookmark", id=id_, position=1500, comment="Tea & <biscuits>")
    mark = _marks(probe).get(id_)
    expect(mark, "It is not listed.")
    found = (mark or {}).get("position"), (mark or {}).get("comment")
    expect(found == (1500, "Tea & <biscuits>"), f"Position and comment are {found}.")


@chapter.rule("bookmark.move", "There is one bookmark for each song", why=_MARK, writes=True)
def _move(probe: Probe) -> None:
    id_ = _unmarked(probe)
    for position in (1500, 0):
        probe.ask("createBookmark", id=id_, position=position)
    listed: list[Json] = probe.ask("getBookmarks")["bookmarks"]["bookmark"]
    found = [mark.get("position") for mark in listed if mark["entry"]["id"] == id_]
    expect(found == [0], f"The positions are {found}, not [0].")


@chapter.rule(
    "bookmark.delete", "A deleted bookmark is gone", why="docs:endpoints/deletebookmark/",
    writes=True,
)  # fmt: skip
def _delete(probe: Probe) -> None:
    id_ = _unmarked(probe)
    probe.ask("createBookmark", id=id_, position=1500)
    probe.ask("deleteBookmark", id=id_)
    expect(id_ not in _marks(probe), "It is still listed.")


def _queue(probe: Probe) -> Json:
    found: Json = probe.ask("getPlayQueue").get("playQueue", {})
    return found


def _ids(queue: Json) -> list[str]:
    return [song["id"] for song in queue.get("entry", [])]


def _state(queue: Json) -> tuple[object, ...]:
    """Return what is put back of a queue, nothing of an empty one."""
    ids = _ids(queue)
    return (ids, str(queue.get("current", ids[0])), queue.get("position", 0)) if ids else ()


def _keep_queue(probe: Probe) -> None:
    """Announce that the user's queue is put back, in the name of the app that saved it."""
    before = _queue(probe)
    ids = _ids(before)
    parameters: dict[str, Value] = {"id": ids} if ids else {}
    if ids:
        parameters["current"] = str(before.get("current", ids[0]))
        parameters["position"] = int(before.get("position", 0))
    usual = {**probe.usual(), "c": str(before.get("changedBy") or "conformance")}

    def put_back() -> None:
        answer = probe.call("savePlayQueue", parameters, login=usual)
        probe.need_success("savePlayQueue", answer)

    probe.undo.later(
        "the play queue", put_back, still=lambda: _state(_queue(probe)) != _state(before)
    )


@chapter.rule(
    "queue.save",
    "The play queue is kept: songs, order, current one, position, app",
    why=_QUEUE,
    apps=("airsonic-refix",),
    writes=True,
)
def _save(probe: Probe) -> None:
    _keep_queue(probe)
    songs = [probe.facts.song(number)["id"] for number in (1, 0)]
    probe.ask("savePlayQueue", id=songs, current=songs[1], position=1500)
    queue = _queue(probe)
    found = _ids(queue)
    expect(found == songs, f"It was saved as {songs}, and is {found}.")
    expect(str(queue.get("current")) == songs[1], f"`current` is {queue.get('current')!r}.")
    expect(queue.get("position") == 1500, f"`position` is {queue.get('position')!r}.")
    expect(queue.get("changedBy") == "conformance", f"`changedBy`: {queue.get('changedBy')!r}.")


@chapter.rule(
    "queue.position",
    "`position` is there when it is 0",
    why="DSub reads it without looking",
    apps=("DSub",),
    writes=True,
)
def _position(probe: Probe) -> None:
    _keep_queue(probe)
    song = probe.facts.song()["id"]
    probe.ask("savePlayQueue", id=[song], current=song, position=0)
    found = _queue(probe).get("position")
    expect(found == 0, f"`position` is {found!r}.")


@chapter.rule(
    "queue.clear", "savePlayQueue without songs clears the queue", why=_QUEUE, writes=True
)
def _clear(probe: Probe) -> None:
    probe.need_open_subsonic()
    _keep_queue(probe)
    song = probe.facts.song()["id"]
    probe.ask("savePlayQueue", id=[song], current=song)
    probe.ask("savePlayQueue")
    expect(not _queue(probe).get("entry"), "It still has songs.")


@chapter.rule(
    "queue.stranger", "A current song that is not in the queue is refused", why=_QUEUE, writes=True
)
def _stranger(probe: Probe) -> None:
    probe.need_open_subsonic()
    _keep_queue(probe)
    ids = [probe.facts.song(number)["id"] for number in (0, 1)]
    probe.error("savePlayQueue", (10, 0), id=[ids[0]], current=ids[1])


@chapter.rule(
    "queue.index",
    "savePlayQueueByIndex saves the same queue, songs that are in it twice included",
    why="docs:extensions/indexbasedqueue/",
    writes=True,
)
def _index(probe: Probe) -> None:
    probe.need_extension("indexBasedQueue")
    _keep_queue(probe)
    song = probe.facts.song()["id"]
    probe.ask("savePlayQueueByIndex", id=[song, song], currentIndex=1, position=1500)
    queue = probe.ask("getPlayQueueByIndex")["playQueueByIndex"]
    found = _ids(queue)
    expect(found == [song, song], f"It has the songs {found}.")
    expect(queue.get("currentIndex") == 1, f"`currentIndex` is {queue.get('currentIndex')!r}.")
    same = _ids(_queue(probe))
    expect(same == found, f"getPlayQueue has {same}.")


@chapter.rule(
    "queue.index-bounds",
    "An index outside of the queue fails with code 10",
    why="docs:endpoints/saveplayqueuebyindex/",
    writes=True,
)
def _index_bounds(probe: Probe) -> None:
    probe.need_extension("indexBasedQueue")
    _keep_queue(probe)
    song = probe.facts.song()["id"]
    probe.error("savePlayQueueByIndex", (10,), id=[song], currentIndex=1)

"""What belongs to users: playlists, stars, ratings, plays, bookmarks, the queue, accounts."""

from hydrophone.testing.model_subsonic.library import DATE, ROLES, Failed, Json, Library, Params


class Personal(Library):
    """The endpoints that users keep things by."""

    def _playlist(self, id_: str, *, entries: bool) -> Json:
        kept = self.playlists.get(id_)
        if kept is None or (kept["owner"] != self.user and not kept["public"]):
            raise Failed(70)
        found = {key: value for key, value in kept.items() if key != "ids"}
        found |= {"songCount": len(kept["ids"]), "duration": 2 * len(kept["ids"]),
                  "created": DATE, "changed": DATE}  # fmt: skip
        return found | ({"entry": [self.song(one) for one in kept["ids"]]} if entries else {})

    def _do_get_playlists(self, _: Params) -> Json:
        mine = [id_ for id_, one in self.playlists.items()
                if one["owner"] == self.user or one["public"]]  # fmt: skip
        return {"playlists": {"playlist": [self._playlist(id_, entries=False) for id_ in mine]}}

    def _do_get_playlist(self, params: Params) -> Json:
        return {"playlist": self._playlist(params["id"][0], entries=True)}

    def _do_create_playlist(self, params: Params) -> Json:
        ids = params.get("songId", [])
        if "playlistId" in params:
            id_ = params["playlistId"][0]
            self._playlist(id_, entries=False)
            self.playlists[id_]["ids"] = ids
        elif "name" in params:
            id_ = self._add_playlist(self.user, params["name"][0], ids)
        else:
            raise Failed(10)
        return {"playlist": self._playlist(id_, entries=True)}

    def _do_update_playlist(self, params: Params) -> None:
        id_ = params["playlistId"][0]
        self._playlist(id_, entries=False)
        kept = self.playlists[id_]
        gone = {int(one) for one in params.get("songIndexToRemove", [])}
        kept["ids"] = [one for n, one in enumerate(kept["ids"]) if n not in gone]
        kept["ids"] += params.get("songIdToAdd", [])
        kept |= {key: params[key][0] for key in ("name", "comment") if key in params}
        if "public" in params:
            kept["public"] = params["public"][0] == "true"

    def _do_delete_playlist(self, params: Params) -> None:
        self._playlist(params["id"][0], entries=False)
        del self.playlists[params["id"][0]]

    def _things(self, params: Params) -> list[tuple[str, str, str]]:
        kinds = (("song", "id"), ("album", "albumId"), ("artist", "artistId"))
        found = [(self.user, kind, id_) for kind, key in kinds for id_ in params.get(key, [])]
        if not found:
            raise Failed(10)
        return found

    def _do_star(self, params: Params) -> None:
        for thing in self._things(params):
            self.stars.setdefault(thing, DATE)

    def _do_unstar(self, params: Params) -> None:
        for thing in self._things(params):
            self.stars.pop(thing, None)

    def _do_set_rating(self, params: Params) -> None:
        rating = int(params["rating"][0])
        if not 0 <= rating <= 5:
            raise Failed(0)
        self.ratings[(self.user, params["id"][0])] = rating

    def _do_scrobble(self, params: Params) -> None:
        if params.get("submission", ["true"])[0] == "false":
            self._play(params["id"][0], {})
            return
        for id_, time in zip(params["id"], params["time"], strict=True):
            self.plays.add((self.user, id_, time))

    def _do_report_playback(self, params: Params) -> None:
        state, rate = params["state"][0], float(params.get("playbackRate", ["1"])[0])
        more = {"state": state, "positionMs": int(params["positionMs"][0]), "playbackRate": rate}
        if state == "stopped":
            self.playing.pop(self.user, None)
        else:
            self._play(params["mediaId"][0], more)

    def _play(self, id_: str, more: Json) -> None:
        who = {"username": self.user, "minutesAgo": 0, "playerId": 1}
        self.playing[self.user] = self.song(id_) | who | more

    def _do_get_bookmarks(self, _: Params) -> Json:
        mine = [mark | {"entry": self.song(id_)} for (user, id_), mark in self.bookmarks.items()
                if user == self.user]  # fmt: skip
        return {"bookmarks": {"bookmark": mine}}

    def _do_create_bookmark(self, params: Params) -> None:
        mark: Json = {"position": int(params["position"][0]), "username": self.user}
        mark |= {"comment": params["comment"][0]} if "comment" in params else {}
        mark |= {"created": DATE, "changed": DATE}
        self.bookmarks[(self.user, params["id"][0])] = mark

    def _do_delete_bookmark(self, params: Params) -> None:
        self.bookmarks.pop((self.user, params["id"][0]), None)

    def _queue(self, params: Params, index: int | None) -> None:
        ids = params.get("id", [])
        if ids and (index is None or not 0 <= index < len(ids)):
            raise Failed(10)
        kept = {"ids": ids, "index": index, "changedBy": params["c"][0],
                "position": int(params.get("position", ["0"])[0])}  # fmt: skip
        self.queues[self.user] = kept if ids else {}

    def _queue_answer(self, kept: Json) -> Json:
        return {"position": kept["position"], "username": self.user, "changed": DATE,
                "changedBy": kept["changedBy"],
                "entry": [self.song(id_) for id_ in kept["ids"]]}  # fmt: skip

    def _do_get_play_queue(self, _: Params) -> Json:
        kept = self.queues.get(self.user)
        if not kept:
            return {}
        return {"playQueue": {"current": kept["ids"][kept["index"]], **self._queue_answer(kept)}}

    def _do_save_play_queue(self, params: Params) -> None:
        ids, current = params.get("id", []), params.get("current", [""])[0]
        self._queue(params, ids.index(current) if current in ids else None)

    def _do_get_play_queue_by_index(self, _: Params) -> Json:
        kept = self.queues.get(self.user)
        if not kept:
            return {}
        return {"playQueueByIndex": {"currentIndex": kept["index"], **self._queue_answer(kept)}}

    def _do_save_play_queue_by_index(self, params: Params) -> None:
        given = params.get("currentIndex")
        self._queue(params, int(given[0]) if given else None)

    def _user(self, name: str) -> Json:
        if name not in self.users:
            raise Failed(70)
        return {"username": name, "scrobblingEnabled": True, **self.users[name], "folder": [1]}

    def _do_get_user(self, params: Params) -> Json:
        name = params["username"][0]
        if name != self.user and not self.users[self.user]["adminRole"]:
            raise Failed(50)
        return {"user": self._user(name)}

    def _do_get_users(self, _: Params) -> Json:
        return {"users": {"user": [self._user(name) for name in self.users]}}

    def _do_create_user(self, params: Params) -> None:
        name = params["username"][0]
        self.users[name] = {role: params.get(role) == ["true"] for role in ROLES}
        self.passwords[name] = params["password"][0]

    def _do_update_user(self, params: Params) -> None:
        self._user(params["username"][0])
        changes = {role: params[role] == ["true"] for role in ROLES if role in params}
        self.users[params["username"][0]] |= changes

    def _do_delete_user(self, params: Params) -> None:
        self._user(params["username"][0])
        del self.users[params["username"][0]]
        del self.passwords[params["username"][0]]

    def _do_change_password(self, params: Params) -> None:
        self._user(params["username"][0])
        self.passwords[params["username"][0]] = params["password"][0]

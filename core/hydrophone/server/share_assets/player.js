// One track at a time, and the next one when it ends or fails. Without this script each player
// works alone.
"use strict";
const players = [...document.querySelectorAll("audio")];
const button = document.getElementById("play");
const title = document.title;
const patience = 3;
let current = 0;
// In a row: the share has ended meanwhile, or nobody is connected.
let failures = 0;
// What cannot be played is told by its last source; the promise says it once more.
const play = (index) => {
  const player = players[index];
  if (player?.networkState === HTMLMediaElement.NETWORK_NO_SOURCE) player.load();
  player?.play().catch(() => {});
};
const show = (isPlaying) => {
  const { title: track, artist } = players[current].closest("li").dataset;
  document.title = isPlaying ? [track, artist].filter(Boolean).join(" - ") : title;
  if (button) button.textContent = isPlaying ? "Pause" : current || players[0].currentTime ? "Go on" : "Play all";
};
players.forEach((player, index) => {
  const row = player.closest("li");
  player.addEventListener("play", () => {
    current = index;
    players.forEach((other) => other !== player && other.pause());
    row.classList.add("playing");
    show(true);
    if ("mediaSession" in navigator) {
      navigator.mediaSession.metadata = new MediaMetadata({
        title: row.dataset.title,
        artist: row.dataset.artist,
        album: row.dataset.album,
        artwork: [{ src: row.dataset.cover }],
      });
      navigator.mediaSession.setActionHandler("nexttrack", () => play(index + 1));
      navigator.mediaSession.setActionHandler("previoustrack", () => play(index - 1));
    }
  });
  player.addEventListener("pause", () => {
    row.classList.remove("playing");
    // Another one may have begun, and told so before.
    if (index === current) show(false);
  });
  player.addEventListener("ended", () => {
    row.classList.remove("playing");
    if (index + 1 < players.length) {
      play(index + 1);
    } else {
      current = 0;
      players[0].currentTime = 0;
      show(false);
    }
  });
  player.addEventListener("playing", () => {
    failures = 0;
    row.querySelector(".failure")?.remove();
  });
  const fail = () => {
    const isNext = row.classList.contains("playing") && index + 1 < players.length;
    failures += 1;
    // Else it would count as playing.
    player.pause();
    if (!row.querySelector(".failure")) {
      const note = document.createElement("small");
      note.className = "failure";
      note.textContent = "cannot be played now";
      row.querySelector(".title").append(note);
    }
    if (isNext && failures < patience) play(index + 1);
  };
  player.addEventListener("error", fail);
  player.querySelector("source:last-of-type").addEventListener("error", fail);
});
if (button) {
  button.hidden = false;
  button.addEventListener("click", () => {
    if (players[current].paused) play(current);
    else players[current].pause();
  });
}

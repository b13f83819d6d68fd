// One track at a time, and the next one when it ends. Without this script each player works alone.
"use strict";
const players = [...document.querySelectorAll("audio")];
players.forEach((player, index) => {
  const row = player.closest("li");
  player.addEventListener("play", () => {
    players.forEach((other) => other !== player && other.pause());
    row.classList.add("playing");
    if ("mediaSession" in navigator) {
      navigator.mediaSession.metadata = new MediaMetadata({
        title: row.dataset.title,
        artist: row.dataset.artist,
        album: row.dataset.album,
        artwork: [{ src: row.dataset.cover }],
      });
      navigator.mediaSession.setActionHandler("nexttrack", () => players[index + 1]?.play());
      navigator.mediaSession.setActionHandler("previoustrack", () => players[index - 1]?.play());
    }
  });
  player.addEventListener("pause", () => row.classList.remove("playing"));
  player.addEventListener("ended", () => {
    row.classList.remove("playing");
    players[index + 1]?.play();
  });
});

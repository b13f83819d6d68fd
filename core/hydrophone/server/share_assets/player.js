// One track at a time, and the next one when it ends. Without this script each player works alone.
"use strict";
const players = [...document.querySelectorAll("audio")];
const button = document.getElementById("play");
const title = document.title;
let current = 0;
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
      navigator.mediaSession.setActionHandler("nexttrack", () => players[index + 1]?.play());
      navigator.mediaSession.setActionHandler("previoustrack", () => players[index - 1]?.play());
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
      players[index + 1].play();
    } else {
      current = 0;
      players[0].currentTime = 0;
      show(false);
    }
  });
});
if (button) {
  button.hidden = false;
  button.addEventListener("click", () => {
    if (players[current].paused) players[current].play();
    else players[current].pause();
  });
}

// Minutes and seconds left, then the words of data-over.
// <strong data-until="2026-03-04T10:10:00Z" data-over="no longer">: until a moment.
// <strong data-wait="42" data-over="now">: from when the page came, whatever the clock of the tablet says.

const came = performance.now();
const left = ({ until, wait }) => (until ? (Date.parse(until) - Date.now()) / 1000 : Number(wait) - (performance.now() - came) / 1000);

const tick = () => {
  for (const element of document.querySelectorAll("[data-until], [data-wait]")) {
    const seconds = Math.ceil(left(element.dataset));
    if (Number.isNaN(seconds)) continue;
    element.textContent = seconds > 0 ? `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}` : element.dataset.over;
  }
};
tick();
setInterval(tick, 1000);
document.addEventListener("htmx:load", tick);

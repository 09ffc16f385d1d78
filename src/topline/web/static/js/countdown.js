// <strong data-until="2026-03-04T10:10:00Z" data-over="no longer">: minutes and seconds left, then the words of data-over.

const tick = () => {
  for (const element of document.querySelectorAll("[data-until]")) {
    const seconds = Math.ceil((Date.parse(element.dataset.until) - Date.now()) / 1000);
    if (Number.isNaN(seconds)) continue;
    element.textContent = seconds > 0 ? `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}` : element.dataset.over;
  }
};
tick();
setInterval(tick, 1000);
document.addEventListener("htmx:load", tick);

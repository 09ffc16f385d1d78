/* One tab stop for a grid of buttons; the arrow keys move inside it. */

/** `buttons()` lists the visible ones in order. Call `refresh` after they change. */
export function roving(grid, buttons) {
  function refresh() {
    const all = buttons();
    const current = all.find((button) => button.tabIndex === 0) ?? all[0];
    for (const button of grid.querySelectorAll("button")) button.tabIndex = button === current ? 0 : -1;
  }

  function move(event) {
    const all = buttons();
    const at = all.indexOf(event.target.closest("button"));
    if (at < 0) return;
    const top = all[0].offsetTop;
    const columns = Math.max(1, all.findIndex((button) => button.offsetTop > top + 4));
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns, Home: -at, End: all.length - 1 - at }[event.key];
    if (step === undefined) return;
    const next = all[at + step];
    event.preventDefault();
    if (!next) return;
    all[at].tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }

  const focused = (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    for (const other of grid.querySelectorAll('button[tabindex="0"]')) other.tabIndex = -1;
    button.tabIndex = 0;
  };
  grid.addEventListener("keydown", move);
  grid.addEventListener("focusin", focused);
  return {
    refresh,
    stop() {
      grid.removeEventListener("keydown", move);
      grid.removeEventListener("focusin", focused);
    },
  };
}

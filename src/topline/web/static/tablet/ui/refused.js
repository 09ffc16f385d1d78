/* What the server would not take, for people who are not signed in: nothing disappears unseen. */

import { device } from "../data/device.js";
import { acknowledge, refused } from "../data/queue.js";
import { h } from "../lib/dom.js";
import { clock } from "../lib/time.js";
import { words } from "../words.en.js";
import { openDialog } from "./dialog.js";
import { reasonOf } from "./text.js";

export function refusedDialog(root) {
  const w = words.refused;
  const list = h("ul", { class: "t-refused", role: "list" });
  const dialog = openDialog(root, { title: w.title, testid: "refused", body: [h("p", { class: "muted", text: w.help }), list] });

  function draw() {
    const known = new Set(device()?.people.map((person) => person.id));
    const entries = refused();
    if (!entries.length) return dialog.close();
    return list.replaceChildren(
      ...entries.map((entry) => {
        const here = known.has(entry.person_id);
        return h(
          "li",
          { class: "t-refused__item" },
          h("strong", { text: here ? entry.person_name : w.someone }),
          h("span", { text: `${w.kinds[entry.kind]}: ${entry.behavior_name}, ${clock(entry.occurred_at)}` }),
          h("span", { class: "tone--losing", text: reasonOf(entry) }),
          here ? null : h("button", { class: "button", type: "button", text: w.clear, on: { click: () => acknowledge(entry.key).then(draw) } }),
        );
      }),
    );
  }
  draw();
}

// The form of a day: what the figures work out to while they are typed, and the table of persons.
// Only shows; the server reads and checks everything again.

const form = document.querySelector("form[data-results]");

const reader = (locale) => {
  const parts = new Intl.NumberFormat(locale).formatToParts(12345.6);
  const sign = parts.find((part) => part.type === "decimal")?.value ?? ".";
  return (text) => {
    let plain = text.replace(/[\s'’\u00a0\u202f]/g, "");
    if (!plain) return null;
    plain = sign === "," ? plain.replaceAll(".", "").replace(",", ".") : plain.replaceAll(",", "");
    const value = Number(plain);
    return Number.isFinite(value) ? value : null;
  };
};

if (form) {
  const locale = form.dataset.locale.replace("_", "-") || "en";
  const read = reader(locale);
  const money = new Intl.NumberFormat(locale, { style: "currency", currency: form.dataset.currency });
  const whole = new Intl.NumberFormat(locale);
  const percent = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const figure = (name) => {
    const input = form.querySelector(`[data-figure="${name}"]`);
    return input ? read(input.value) : null;
  };
  const per = (part, count) => (part === null || !count ? null : part / count);

  const show = (name, value, write) => {
    const output = form.querySelector(`[data-live="${name}"]`);
    if (output) output.textContent = value === null ? "–" : write(value);
  };

  const sum = (selector) => {
    let total = null;
    for (const input of form.querySelectorAll(`[data-shares-lines] ${selector}`)) {
      const value = read(input.value);
      if (value !== null) total = (total ?? 0) + value;
    }
    return total;
  };

  const work = () => {
    const revenue = figure("revenue_minor");
    const rooms = figure("room_revenue_minor");
    const covers = figure("covers");
    const sold = figure("rooms_sold");
    const available = figure("rooms_available");
    show("average_check", per(revenue, covers), (value) => money.format(value));
    show("occupancy", per(sold, available), (value) => `${percent.format(value * 100)} %`);
    show("adr", per(rooms, sold), (value) => money.format(value));
    show("revpar", per(rooms, available), (value) => money.format(value));
    const line = form.querySelector("[data-share-sum]");
    const parts = { revenue: sum("[data-share-revenue]"), covers: sum("[data-share-covers]") };
    if (!line) return;
    if (parts.revenue === null && parts.covers === null) {
      line.textContent = "";
      return;
    }
    const words = { revenue: money.format(parts.revenue ?? 0), total: revenue === null ? "–" : money.format(revenue), covers: whole.format(parts.covers ?? 0), all: covers === null ? "–" : whole.format(covers) };
    line.textContent = line.dataset.word.replace(/\{(\w+)\}/g, (_, key) => words[key]);
    const differs = (revenue !== null && Math.abs((parts.revenue ?? 0) - revenue) > 0.004) || (covers !== null && (parts.covers ?? 0) !== covers);
    line.classList.toggle("tone--neutral", differs);
  };

  form.addEventListener("input", work);

  form.addEventListener("click", (event) => {
    const remove = event.target.closest?.("[data-share-remove]");
    if (remove) {
      const next = remove.closest("[data-share]").nextElementSibling;
      remove.closest("[data-share]").remove();
      (next?.querySelector("select") ?? form.querySelector("[data-share-add]")).focus();
      work();
    }
    if (event.target.closest?.("[data-share-add]")) {
      const lines = form.querySelector("[data-shares-lines]");
      const used = [...lines.querySelectorAll("select")].map((select) => Number(select.name.split("_").pop()));
      const fresh = document.createElement("div");
      fresh.innerHTML = form.querySelector("[data-share-template]").innerHTML.replaceAll("NUMBER", String(Math.max(-1, ...used) + 1));
      const line = fresh.firstElementChild;
      lines.append(line);
      line.querySelector("select").focus();
    }
  });

  // What was typed and not saved is not left by accident.
  let changed = form.querySelector('[aria-invalid="true"]') !== null;
  form.addEventListener("input", () => {
    changed = true;
  });
  form.addEventListener("submit", () => {
    changed = false;
  });
  addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault();
  });
  work();
}

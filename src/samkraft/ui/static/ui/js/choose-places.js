// Municipalities to choose among: a box filters them by name, and the line above says which are chosen.
const enhanced = new WeakSet();

function fold(text) {
  return text.toLocaleLowerCase().replaceAll("ø", "o").replaceAll("æ", "a").normalize("NFD").replace(/\p{M}/gu, "").trim();
}

function enhance(root) {
  if (enhanced.has(root)) return;
  enhanced.add(root);
  const box = root.querySelector("[data-filter]");
  const input = box.querySelector("input");
  const status = box.querySelector("[data-status]");
  const line = root.querySelector("[data-chosen]");
  const groups = [...root.querySelectorAll("details")].map((details) => ({
    details,
    name: fold(details.dataset.county),
    count: details.querySelector("[data-count]"),
    options: [...details.querySelectorAll("input")].map((check) => ({
      check,
      row: check.parentElement,
      text: check.labels[0].textContent,
      name: fold(check.labels[0].textContent),
    })),
  }));
  box.hidden = false;

  function filter() {
    const wanted = fold(input.value);
    let shown = 0;
    for (const { details, name, options } of groups) {
      const whole = wanted !== "" && name.startsWith(wanted);
      let inside = 0;
      for (const option of options) {
        const fits = wanted === "" || whole || option.name.includes(wanted);
        option.row.hidden = !fits;
        inside += fits;
      }
      shown += inside;
      details.hidden = inside === 0;
      details.open = wanted === "" ? options.some(({ check }) => check.checked) : inside > 0;
    }
    status.textContent = wanted === "" ? "" : shown === 0 ? root.dataset.textNone : `${root.dataset.textFound} ${shown}`;
  }

  function tell() {
    const chosen = [];
    for (const { count, options } of groups) {
      const here = options.filter(({ check }) => check.checked);
      count.textContent = here.length ? `(${here.length})` : "";
      chosen.push(...here.map(({ text }) => text));
    }
    line.textContent = chosen.join(", ") || line.dataset.textEmpty;
  }

  input.addEventListener("input", filter);
  // Enter in the box would send the whole form.
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  root.addEventListener("change", tell);
  tell();
}

function enhanceAll(within) {
  within.querySelectorAll("[data-choose-places]").forEach(enhance);
}

enhanceAll(document);
document.addEventListener("htmx:after:swap", () => enhanceAll(document));

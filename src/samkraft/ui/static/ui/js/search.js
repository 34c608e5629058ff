// Type-ahead on the search field, after the combobox pattern of the ARIA Authoring Practices (list with manual
// selection). The field is part of a plain form: without this file, Enter still searches.
const PAUSE = 120;
const enhanced = new WeakSet();

function enhance(box) {
  const input = box.querySelector("input");
  const list = box.querySelector('[role="listbox"]');
  const status = box.querySelector("[data-search-status]");
  if (!box.dataset.suggestUrl || !input || !list || enhanced.has(box)) return;
  enhanced.add(box);
  let timer;
  let request;
  let active = -1;

  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", list.id);

  const options = () => [...list.children];

  function close() {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function open() {
    if (!list.childElementCount) return;
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
  }

  function mark(index) {
    const all = options();
    active = all.length ? (index + all.length) % all.length : -1;
    all.forEach((option, i) => option.setAttribute("aria-selected", String(i === active)));
    if (active < 0) return;
    input.setAttribute("aria-activedescendant", all[active].id);
    all[active].scrollIntoView({ block: "nearest" });
  }

  function show(html) {
    const fragment = new DOMParser().parseFromString(html, "text/html");
    const found = [...fragment.querySelectorAll('[role="option"]')];
    found.forEach((option, i) => {
      // An option may hold no link of its own to screen readers, so the address moves to the option.
      const link = option.querySelector("a[href]");
      if (link) {
        option.dataset.href = link.getAttribute("href");
        link.replaceWith(...link.childNodes);
      }
      option.id = `${list.id}-${i}`;
      option.setAttribute("aria-selected", "false");
    });
    list.replaceChildren(...found);
    active = -1;
    input.removeAttribute("aria-activedescendant");
    status.textContent = found.length ? `${box.dataset.textFound}: ${found.length}` : box.dataset.textNone;
    if (found.length) open(); else close();
  }

  async function ask() {
    const typed = input.value.trim();
    request?.abort();
    if (!typed) {
      list.replaceChildren();
      status.textContent = "";
      return close();
    }
    request = new AbortController();
    const { signal } = request;
    try {
      const answer = await fetch(`${box.dataset.suggestUrl}?q=${encodeURIComponent(typed)}`, { signal });
      if (!answer.ok) return close();
      const html = await answer.text();
      if (!signal.aborted && document.activeElement === input) show(html);
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  }

  function go(option) {
    if (option?.dataset.href) window.location.assign(option.dataset.href);
  }

  function onKey(event) {
    if (event.isComposing) return;
    const isOpen = !list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen) open();
      if (list.hidden) return;
      const first = event.key === "ArrowDown" ? 0 : options().length - 1;
      mark(active < 0 ? first : active + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && isOpen && active >= 0) {
      event.preventDefault();
      go(options()[active]);
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      close();
    } else if (event.key === "Tab") {
      close();
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  input.addEventListener("keydown", onKey);
  input.addEventListener("focus", () => { if (input.value.trim() && list.childElementCount) open(); });
  input.addEventListener("blur", () => setTimeout(close, 100));
  // The field keeps the focus while an option is pressed, so that the list does not close under the pointer.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => go(event.target.closest('[role="option"]')));
}

function enhanceAll(root) {
  root.querySelectorAll("[data-search]").forEach(enhance);
}

enhanceAll(document);
document.addEventListener("htmx:after:swap", () => enhanceAll(document));

// A menu closes when one clicks elsewhere or presses Escape.
document.addEventListener("click", (event) => {
  document.querySelectorAll("details.language-menu[open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.activeElement?.closest("details.language-menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

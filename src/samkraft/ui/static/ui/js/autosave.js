// Keeps what is typed in a long form: a while after the last key, and when the page is left. Without this file the
// form's own buttons save. The address answers with {said, version, place}; 409 means that another window was here.
const PAUSE = 1500;
const LONGEST_WAIT = 10000;
const AGAIN = 5000;

function enhance(form) {
  const status = form.querySelector("[data-autosave-status]");
  const version = form.elements.namedItem("version");
  const place = document.getElementById("application-place");
  let timer;
  let since = 0;
  let running = null;
  let isChanged = false;
  let isOver = false;

  function tell(text) {
    if (status.textContent !== text) status.textContent = text;
  }

  // Files are sent by their own button: they are large, and cannot be sent twice.
  function typed() {
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    return data;
  }

  async function send(keepalive) {
    isChanged = false;
    try {
      const answer = await fetch(form.dataset.autosave, { method: "POST", body: typed(), keepalive });
      if (answer.status === 409) isOver = true;
      else if (!answer.ok) throw new Error(String(answer.status));
      const { said, version: saved, place: html } = await answer.json();
      tell(said);
      if (saved !== undefined) version.value = saved;
      if (place && html !== undefined && place.innerHTML.trim() !== html.trim()) place.innerHTML = html;
    } catch {
      isChanged = true;
      tell(form.dataset.textFailed);
      plan(AGAIN);
    } finally {
      since = 0;
      running = null;
    }
  }

  function save(keepalive = false) {
    clearTimeout(timer);
    if (isOver || !isChanged) return running;
    if (running) {
      plan(PAUSE);
      return running;
    }
    tell(form.dataset.textSaving);
    running = send(keepalive);
    return running;
  }

  function plan(pause) {
    clearTimeout(timer);
    since ||= Date.now();
    timer = setTimeout(save, Math.max(0, Math.min(pause, since + LONGEST_WAIT - Date.now())));
  }

  form.addEventListener("input", (event) => {
    if (event.target.type === "file") return;
    isChanged = true;
    plan(PAUSE);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save(true);
  });
  // A saving under way raises the version, so a button waits for it.
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    isChanged = false;
    if (!running) return;
    event.preventDefault();
    const { submitter } = event;
    running.then(() => {
      isChanged = false;
      clearTimeout(timer);
      form.requestSubmit(submitter);
    });
  });
}

// How many characters are left, below each text that has a limit.
function count(question) {
  const most = Number(question.dataset.most);
  const line = question.querySelector("[data-count]");
  const input = question.querySelector("input, textarea");
  const words = question.closest("form").dataset;
  const number = new Intl.NumberFormat(document.documentElement.lang);
  function show() {
    const left = most - [...input.value.trim()].length;
    line.textContent = `${number.format(Math.abs(left))} ${left < 0 ? words.textOver : words.textLeft}`;
  }
  line.hidden = false;
  input.addEventListener("input", show);
  show();
}

document.querySelectorAll("form[data-autosave]").forEach(enhance);
document.querySelectorAll("[data-most]").forEach(count);

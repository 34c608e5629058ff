// Makes an editor of each text area for longer texts. The editor is fetched only on a page that has one; its address is
// in the page, since the names of static files carry a hash. The editor's own menu and styles are not used: it would
// put a style sheet into the page, which the page's policy forbids, and its buttons cannot be read out.
const LINK = /^(https?:\/\/\S+|mailto:\S+@\S+)$/i;
const MAIL = /^[^\s@:/]+@[^\s@/]+\.[^\s@/]+$/;

const TOOLS = {
  bold: { active: ["bold"], run: (chain) => chain.toggleBold() },
  italic: { active: ["italic"], run: (chain) => chain.toggleItalic() },
  heading: { active: ["heading", { level: 3 }], run: (chain) => chain.toggleHeading({ level: 3 }) },
  subheading: { active: ["heading", { level: 4 }], run: (chain) => chain.toggleHeading({ level: 4 }) },
  bulletList: { active: ["bulletList"], run: (chain) => chain.toggleBulletList() },
  orderedList: { active: ["orderedList"], run: (chain) => chain.toggleOrderedList() },
  blockquote: { active: ["blockquote"], run: (chain) => chain.toggleBlockquote() },
  undo: { run: (chain) => chain.undo(), can: (editor) => editor.can().undo() },
  redo: { run: (chain) => chain.redo(), can: (editor) => editor.can().redo() },
};

function extensions(kit) {
  const { Document, Paragraph, Text, HardBreak, Bold, Italic, Heading, BulletList, ListItem, Blockquote } = kit;
  // The package's own list has a dialog for the kind of numbers; ours are plain.
  const { OrderedList, Link, History } = kit;
  return [
    Document, Paragraph, Text, HardBreak, Bold, Italic, Heading.configure({ levels: [3, 4] }), BulletList, ListItem,
    OrderedList.configure({ enableListAttributes: false }), Blockquote, History,
    Link.extend({ addKeyboardShortcuts: () => ({}), addMenuItems: null }).configure({
      openOnClick: false, autolink: true, linkOnPaste: true, defaultProtocol: "https",
      protocols: ["http", "https", "mailto"], isAllowedUri: (address) => LINK.test(address),
    }),
  ];
}

/** What the browser has put back into the text area after a step back in its history, as paragraphs. */
function paragraphs(text) {
  const page = document.implementation.createHTMLDocument();
  for (const block of text.split(/\n\s*\n/)) {
    const paragraph = page.body.appendChild(page.createElement("p"));
    block.split("\n").forEach((line, index) => paragraph.append(...(index ? [page.createElement("br"), line] : [line])));
  }
  return page.body.innerHTML;
}

function hidden(name, value) {
  const input = document.createElement("input");
  Object.assign(input, { type: "hidden", name, value });
  return input;
}

/** Arrow keys walk along the tools; one of them is in the tab order. */
function walk(tools) {
  const buttons = [...tools.querySelectorAll("button")];
  const stop = (wanted) => buttons.forEach((button) => { button.tabIndex = button === wanted ? 0 : -1; });
  stop(buttons[0]);
  tools.addEventListener("focusin", (event) => stop(event.target));
  tools.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    buttons.at(to % buttons.length).focus();
  });
}

function linkPanel(field, editor, opener) {
  const panel = field.querySelector(".rich-field__link");
  const input = panel.querySelector("input");
  const fault = panel.querySelector("[data-link-fault]");
  input.id = `${field.dataset.id}_link`;
  fault.id = `${input.id}_error`;
  panel.querySelector("label").htmlFor = input.id;

  function show(open) {
    panel.hidden = !open;
    opener.setAttribute("aria-expanded", String(open));
    fault.hidden = true;
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-describedby");
    if (!open) return editor.commands.focus();
    input.value = (editor.getAttributes("link").href ?? "").replace(/^mailto:/, "");
    input.focus();
  }

  function put() {
    const typed = input.value.trim();
    const href = MAIL.test(typed) ? `mailto:${typed}` : typed;
    if (!LINK.test(href)) {
      fault.hidden = false;
      input.setAttribute("aria-invalid", "true");
      input.setAttribute("aria-describedby", fault.id);
      return input.focus();
    }
    const chain = editor.chain().focus().extendMarkRange("link");
    if (editor.state.selection.empty && !editor.isActive("link")) {
      chain.insertContent({ type: "text", text: typed, marks: [{ type: "link", attrs: { href } }] }).run();
    } else {
      chain.setLink({ href }).run();
    }
    show(false);
  }

  opener.addEventListener("click", () => show(panel.hidden));
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") show(false);
    if (event.key !== "Enter" || event.target !== input) return;
    event.preventDefault();
    put();
  });
  panel.querySelector("[data-link=set]").addEventListener("click", put);
  panel.querySelector("[data-link=close]").addEventListener("click", () => show(false));
  panel.querySelector("[data-link=unset]").addEventListener("click", () => {
    editor.chain().focus().extendMarkRange("link").unsetLink().run();
    show(false);
  });
}

function toolbar(field, editor) {
  const tools = field.querySelector(".rich-field__tools");
  walk(tools);
  for (const button of tools.querySelectorAll("button")) {
    const tool = TOOLS[button.dataset.tool];
    if (tool) button.addEventListener("click", () => tool.run(editor.chain().focus()).run());
  }
  linkPanel(field, editor, tools.querySelector("[data-tool=link]"));
  const update = () => {
    for (const button of tools.querySelectorAll("button")) {
      const { active, can } = TOOLS[button.dataset.tool] ?? { active: ["link"] };
      if (active) button.setAttribute("aria-pressed", String(editor.isActive(...active)));
      if (can) button.setAttribute("aria-disabled", String(!can(editor)));
    }
  };
  editor.on("transaction", update);
  update();
}

/** What a reader of the screen is told about the text area is told about the editor in its place. */
function describe(area, label) {
  const attributes = { role: "textbox", "aria-multiline": "true", class: "ds-input rich", id: area.id };
  if (label) attributes["aria-labelledby"] = label.id = `${area.id}_label`;
  if (area.required) attributes["aria-required"] = "true";
  for (const name of ["aria-describedby", "aria-invalid"]) {
    if (area.hasAttribute(name)) attributes[name] = area.getAttribute(name);
  }
  return attributes;
}

function begin(field, kit) {
  const area = field.querySelector("textarea");
  const source = field.querySelector("input[type=hidden]").value;
  const label = document.querySelector(`label[for="${CSS.escape(area.id)}"]`);
  const restored = area.value !== area.defaultValue;
  const value = hidden(area.name, source);
  const place = document.createElement("div");
  const attributes = describe(area, label);
  const editable = !area.disabled;

  field.dataset.id = area.id;
  area.id = `${area.id}_plain`;
  area.required = false;
  area.hidden = true;
  field.append(field.querySelector("template").content.cloneNode(true), place);
  const editor = new kit.Editor({
    element: place, extensions: extensions(kit), injectCSS: false, editable,
    content: restored ? paragraphs(area.value) : source, editorProps: { attributes },
    onUpdate() {
      value.value = editor.isEmpty ? "" : editor.getHTML();
      area.value = editor.getText({ blockSeparator: "\n\n" });
      value.dispatchEvent(new Event("input", { bubbles: true }));
    },
  });
  if (restored) value.value = editor.getHTML();
  if (editable) field.append(value, hidden(`${area.name}_format`, "html"));
  area.removeAttribute("name");
  label?.addEventListener("click", () => editor.commands.focus());
  toolbar(field, editor);
}

async function enhance(root) {
  const fields = [...root.querySelectorAll("[data-rich-text]:not([data-rich-text=ready])")];
  if (!fields.length) return;
  for (const field of fields) field.dataset.richText = "ready";
  // Where the editor cannot be fetched the text area stays, and works.
  const kit = await import(fields[0].dataset.editor);
  for (const field of fields) begin(field, kit);
}

enhance(document);
document.addEventListener("htmx:load", (event) => enhance(event.target));

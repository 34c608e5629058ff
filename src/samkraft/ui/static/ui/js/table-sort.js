// Tables with data-sortable get a button in each column heading, except where the heading says data-sort="none".
// A cell's data-value decides, as a number where it is one. In a column with such values, cells without one are unknown:
// they stay last in both directions. In a column without any, the text decides.
const enhanced = new WeakSet();
const compareText = new Intl.Collator(document.documentElement.lang || "sv", { numeric: true }).compare;

function sortKeys(rows, column) {
  const given = rows.map((row) => row.cells[column]?.dataset.value);
  if (given.every((value) => value === undefined)) return rows.map((row) => row.cells[column]?.textContent.trim() || null);
  return given.map((value) => {
    if (value === undefined || value.trim() === "") return null;
    return Number.isNaN(Number(value)) ? value : Number(value);
  });
}

function compare(a, b) {
  return typeof a === "number" && typeof b === "number" ? a - b : compareText(String(a), String(b));
}

function sort(table, heading) {
  const column = heading.cellIndex;
  const first = heading.dataset.sort === "descending" ? "descending" : "ascending";
  const other = first === "ascending" ? "descending" : "ascending";
  const direction = heading.getAttribute("aria-sort") === first ? other : first;
  const sign = direction === "ascending" ? 1 : -1;
  for (const body of table.tBodies) {
    const keys = sortKeys([...body.rows], column);
    const rows = [...body.rows].map((row, i) => ({ row, key: keys[i] }));
    rows.sort((a, b) => {
      if (a.key === null || b.key === null) return (a.key === null) - (b.key === null);
      return sign * compare(a.key, b.key);
    });
    body.append(...rows.map(({ row }) => row));
  }
  for (const cell of heading.parentElement.cells) {
    if (cell.hasAttribute("aria-sort")) cell.setAttribute("aria-sort", cell === heading ? direction : "none");
  }
}

function enhance(table) {
  const headings = table.tHead?.rows[table.tHead.rows.length - 1]?.cells;
  if (!headings || enhanced.has(table)) return;
  enhanced.add(table);
  for (const heading of headings) {
    if (heading.dataset.sort === "none" || heading.colSpan > 1) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    if (!heading.hasAttribute("aria-sort")) heading.setAttribute("aria-sort", "none");
    button.addEventListener("click", () => sort(table, heading));
  }
}

function enhanceAll(root) {
  root.querySelectorAll("table[data-sortable]").forEach(enhance);
}

enhanceAll(document);
document.addEventListener("htmx:after:swap", () => enhanceAll(document));

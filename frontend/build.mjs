// Makes src/samkraft/ui/static/ui/vendor/ from the packages in node_modules: theme and design system, font, components,
// htmx, icons, licences. Nothing is fetched. When no input has changed since the last run, nothing is written.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const packages = join(root, "node_modules");
const vendor = join(root, "src/samkraft/ui/static/ui/vendor");
const work = join(packages, ".cache/samkraft");
const stamp = join(vendor, "built.json");
const inputs = ["package-lock.json", "frontend/build.mjs", "frontend/components.js", "frontend/icons.json",
  "frontend/designsystemet.config.json"];
const bundled = ["@digdir/designsystemet-css", "@digdir/designsystemet-web", "@fontsource-variable/inter",
  "@navikt/aksel-icons", "htmx.org"];

const read = (...parts) => readFileSync(join(...parts), "utf8");
const digest = (content) => createHash("sha256").update(content).digest("hex");
const say = (text) => console.log(`frontend: ${text}`);
const written = {};

/** Write one file below vendor/, unless it already has that content; remember it for the stamp. */
function put(name, content) {
  const target = join(vendor, name);
  const wanted = digest(content);
  written[name] = wanted;
  if (existsSync(target) && digest(readFileSync(target)) === wanted) return;
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, content);
}

function inputDigest() {
  return digest(inputs.map((name) => `${name}\0${read(root, name)}`).join("\0"));
}

function isCurrent(wanted) {
  if (!existsSync(stamp)) return false;
  const { input, files } = JSON.parse(read(stamp));
  return input === wanted && Object.entries(files).every(([name, hash]) => {
    const path = join(vendor, name);
    return existsSync(path) && digest(readFileSync(path)) === hash;
  });
}

function runThemeCli(...args) {
  const cli = join(packages, "@digdir/designsystemet/dist/bin/designsystemet.js");
  try {
    execFileSync(process.execPath, [cli, "tokens", ...args], { cwd: work, stdio: "pipe" });
  } catch (error) {
    throw new Error(`the theme could not be made:\n${error.stdout}\n${error.stderr}`);
  }
}

function themeCss() {
  mkdirSync(work, { recursive: true });
  const config = join(here, "designsystemet.config.json");
  const tokens = join(work, "tokens");
  const built = join(work, "theme");
  runThemeCli("create", "--config", config, "--out-dir", tokens, "--clean");
  runThemeCli("build", "--config", config, "--tokens", tokens, "--out-dir", built, "--clean");
  return read(built, "samkraft.css");
}

/** The pages' policy allows images from our own address only, so pictures written into the CSS become files. */
function withoutDataUris(css) {
  return css.replace(/url\("data:image\/svg\+xml;charset=utf-8,([^"]+)"\)/g, (_, encoded) => {
    const svg = decodeURIComponent(encoded);
    const name = `shapes/${digest(svg).slice(0, 12)}.svg`;
    put(name, svg);
    return `url("${name}")`;
  });
}

function fontCss() {
  const folder = join(packages, "@fontsource-variable/inter");
  const faces = read(folder, "wght.css").match(/@font-face \{[^}]+\}/g);
  const wanted = faces.filter((face) => /inter-latin(-ext)?-wght-normal\.woff2/.test(face));
  if (wanted.length !== 2) throw new Error("the font package no longer has latin and latin-ext");
  return wanted.join("\n").replace(/url\(\.\/files\/([^)]+)\)/g, (_, name) => {
    put(`fonts/${name}`, readFileSync(join(folder, "files", name)));
    return `url("fonts/${name}")`;
  });
}

function designCss() {
  const system = withoutDataUris(read(packages, "@digdir/designsystemet-css/dist/src/index.css"));
  const css = [themeCss().replace('@charset "UTF-8";', ""), system].join("\n");
  if (css.includes("url(\"data:")) throw new Error("a picture inside the CSS was not taken out");
  // The order of layers is decided by the first statement. Ours below the system's holds what its pieces may override.
  const layers = "@layer ground, ds.theme, ds.base, ds.components;";
  return `@charset "UTF-8";\n${layers}\n${fontCss()}\n${css}`;
}

async function componentsJs() {
  const { build } = createRequire(import.meta.url)("esbuild");
  const result = await build({
    entryPoints: [join(here, "components.js")], bundle: true, minify: true, format: "iife", target: "es2022",
    legalComments: "inline", metafile: true, write: false, logLevel: "error",
  });
  const found = Object.keys(result.metafile.inputs).flatMap((path) => {
    const match = path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/);
    return match ? [match[1]] : [];
  });
  return { code: result.outputFiles[0].contents, packages: [...new Set(found)] };
}

const iconId = (name) => name.replace(/([a-z0-9])([A-Z])/g, "$1-$2").toLowerCase();

function iconSprite() {
  const symbols = JSON.parse(read(here, "icons.json")).map((name) => {
    const svg = read(packages, "@navikt/aksel-icons/dist/svg", `${name}.svg`);
    const [, viewBox] = svg.match(/viewBox="([^"]+)"/);
    const body = svg.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "").replace(/\s*\n\s*/g, "");
    return `<symbol id="${iconId(name)}" viewBox="${viewBox}" fill="none">${body}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`;
}

function licences(names) {
  return [...new Set(names)].sort().map((name) => {
    const folder = join(packages, name);
    const about = JSON.parse(read(folder, "package.json"));
    const author = about.author?.name ?? about.author;
    const head = `${name} ${about.version}: ${about.license}${author ? `, ${author}` : ""}`;
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    return [head, file ? read(folder, file).trim() : ""].join("\n\n").trim();
  }).join(`\n\n${"=".repeat(80)}\n\n`) + "\n";
}

/** Files that an earlier run wrote and this one does not. */
function removeLeftovers() {
  const paths = readdirSync(vendor, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  for (const path of paths) {
    const name = relative(vendor, path);
    if (!(name in written) && name !== basename(stamp)) rmSync(path);
  }
}

async function main() {
  const input = inputDigest();
  if (isCurrent(input)) return say("up to date");
  const started = performance.now();
  say("theme, design system and font");
  put("design.css", designCss());
  say("components and htmx");
  const components = await componentsJs();
  put("components.js", components.code);
  put("htmx.js", readFileSync(join(packages, "htmx.org/dist/htmx.min.js")));
  say("icons and licences");
  put("icons.svg", iconSprite());
  put("LICENSES.txt", licences([...bundled, ...components.packages]));
  removeLeftovers();
  writeFileSync(stamp, JSON.stringify({ input, files: written }, null, 1));
  say(`done in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

main().catch((error) => {
  console.error(`frontend: ${error.message}`);
  process.exitCode = 1;
});

// The front end's build: sources in frontend/, results in appraisal/static/.
//
//   src/entries/NAME.ts          -> NAME.js    one self-contained module a page, ES2020
//   src/entries/NAME.classic.ts  -> NAME.js    a plain ES5 script, for browsers without modules
//   css/NAME.css                 -> NAME.css   _NAME.css is a part for @import and no file of its own
//   files/PATH                   -> PATH       icons and pictures as they are
//
// Every result carries the first 12 hex digits of its SHA-256 in its name, so that it may be cached
// for ever, and stands beside its Brotli and gzip forms. assets.json says which name is which:
//
//   {"booth.js": {"file": "booth.0123456789ab.js", "sha256": "…", "integrity": "sha384-…",
//                 "bytes": 50000, "compressed": 18000}}
//
// The same sources give the same bytes, so that a stranger can build the page and compare.

import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, extname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, "..");
const out = resolve(process.argv[2] ?? join(root, "appraisal", "static"));
const compressible = new Set([".js", ".css", ".svg", ".json", ".txt", ".webmanifest"]);

/** Every file below a folder, as sorted paths relative to it; none if there is no such folder. */
function filesBelow(folder) {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
      .sort();
  } catch (error) {
    if (error.code === "ENOENT") return [];
    throw error;
  }
}

const digest = (algorithm, bytes, encoding) =>
  createHash(algorithm).update(bytes).digest(encoding);

const common = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  write: false,
  charset: "utf8",
  legalComments: "none", // their texts are in THIRD-PARTY.txt, whole
  logLevel: "warning",
  metafile: true,
  outdir: out,
};

const inputs = new Set();

/** One bundled source as bytes; the paths it was made from are remembered for its licences. */
async function bundle(source, options) {
  const result = await build({ ...common, ...options, entryPoints: [source] });
  for (const input of Object.keys(result.metafile.inputs)) inputs.add(input);
  return Buffer.from(result.outputFiles[0].contents);
}

/** The licence of each package that a bundle contains, with its text. */
function thirdParty() {
  const packages = new Set();
  for (const input of inputs) {
    const inside = input.split("node_modules/").pop();
    if (inside === input) continue;
    const depth = inside.startsWith("@") ? 2 : 1;
    const above = input.slice(0, input.length - inside.length);
    packages.add(above + inside.split("/").slice(0, depth).join("/"));
  }
  return [...packages]
    .sort()
    .map((path) => {
      const read = (file) => readFileSync(join(root, path, file), "utf8");
      const { name, version, license } = JSON.parse(read("package.json"));
      const file = readdirSync(join(root, path)).find((entry) => /^licen[cs]e/i.test(entry));
      if (file === undefined) throw new Error(`${name} comes without the text of its licence`);
      return `${name} ${version} (${license})\n\n${read(file).trim()}\n`;
    })
    .join(`\n${"-".repeat(80)}\n\n`);
}

const results = new Map(); // logical name -> bytes
function add(name, bytes) {
  if (results.has(name)) throw new Error(`two sources would both become ${name}`);
  results.set(name, bytes);
}

const entries = join(here, "src", "entries");
for (const file of filesBelow(entries).filter((file) => file.endsWith(".ts"))) {
  const classic = file.endsWith(".classic.ts");
  const name = file.replace(/(\.classic)?\.ts$/, ".js");
  const shape = classic ? { format: "iife", target: "es5" } : { format: "esm", target: "es2020" };
  add(name, await bundle(join(entries, file), { ...shape, tsconfig: join(here, "tsconfig.json") }));
}
for (const file of filesBelow(join(here, "css")).filter((file) => file.endsWith(".css"))) {
  if (basename(file).startsWith("_")) continue;
  // Old WeChat browsers: nesting, logical shorthands and the like are lowered or refused.
  add(file, await bundle(join(here, "css", file), { target: ["chrome78", "safari13"] }));
}
for (const file of filesBelow(join(here, "files"))) {
  add(file, readFileSync(join(here, "files", file)));
}
if (inputs.size) {
  const notices = thirdParty();
  if (notices) add("THIRD-PARTY.txt", Buffer.from(notices));
}

// What is new is written first, the manifest next and what is old removed last, so that a service
// that is running meanwhile finds every file its manifest names.
const wanted = new Set(["assets.json"]);
const assets = {};
mkdirSync(out, { recursive: true });
for (const [name, bytes] of [...results].sort(([a], [b]) => (a < b ? -1 : 1))) {
  const sha256 = digest("sha256", bytes, "hex");
  const extension = extname(name);
  const file = `${name.slice(0, name.length - extension.length)}.${sha256.slice(0, 12)}${extension}`;
  const forms = [[file, bytes]];
  if (compressible.has(extension)) {
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    };
    forms.push([`${file}.br`, brotliCompressSync(bytes, { params })]);
    forms.push([`${file}.gz`, gzipSync(bytes, { level: 9 })]);
  }
  for (const [path, content] of forms) {
    mkdirSync(dirname(join(out, path)), { recursive: true });
    writeFileSync(join(out, path), content);
    wanted.add(path);
  }
  assets[name] = {
    file,
    sha256,
    integrity: `sha384-${digest("sha384", bytes, "base64")}`,
    bytes: bytes.length,
    compressed: Math.min(...forms.map(([, content]) => content.length)),
  };
}
writeFileSync(join(out, "assets.json.new"), `${JSON.stringify(assets, null, 2)}\n`);
renameSync(join(out, "assets.json.new"), join(out, "assets.json"));
for (const file of filesBelow(out)) {
  if (!wanted.has(file)) rmSync(join(out, file));
}

for (const [name, { bytes, compressed }] of Object.entries(assets)) {
  const sizes = `${String(bytes).padStart(8)} bytes ${String(compressed).padStart(8)} compressed`;
  console.log(`  ${name.padEnd(24)} ${sizes}`);
}

import { globSync, readFileSync } from "node:fs";
import { basename, relative } from "node:path";
import { defineConfig } from "tsup";

interface Manifest {
  readonly exports: Record<string, string | Record<string, string>>;
}

// One build for every package: `tsup --config ../../tsup.config.ts`, run inside the package. JavaScript only:
// tsup cannot write declarations with TypeScript 7, so `tsc -p tsconfig.build.json` adds the .d.ts files after it.
export default defineConfig({
  entry: { ...publicEntries(), ...processEntries() },
  format: ["esm"],
  platform: "node",
  target: "node22",
  outDir: "dist",
  sourcemap: true,
  clean: true,
  splitting: true,
  removeNodeProtocol: false, // keep `node:`; without it node:sqlite and other runtimes break
  silent: true,
  // Shorter, and still to be read: names and indents stay.
  esbuildOptions: (options) => {
    options.minifySyntax = true;
  },
  plugins: [
    {
      name: "no-names-of-files",
      // Above each module stands the name of its file, which the source map knows. The line stays, and with it the map.
      renderChunk: (code) => ({ code: code.replaceAll(/^\/\/ src\/\S+\.ts$/gm, "") }),
    },
  ],
});

// What package.json exports, at the same place under dist as under src. What has no place in dist is for this repository's
// own tests, and is not published.
function publicEntries(): Record<string, string> {
  const manifest = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;
  const sources = Object.values(manifest.exports)
    .map((target) => (typeof target === "string" || !target["default"] ? undefined : target["@millrace/source"]))
    .filter((source) => source !== undefined);
  return Object.fromEntries(sources.map((source) => [relative("src", source).replace(/\.ts$/, ""), source]));
}

// Files that a process or a thread starts from. They lie flat in dist, because the code that starts them is bundled
// into dist/index.js or a chunk beside it: `new URL("./name.entry.js", import.meta.url)` holds in src and in dist as
// long as the starter stands beside the entry file.
function processEntries(): Record<string, string> {
  return Object.fromEntries(globSync("src/**/*.entry.ts").map((file) => [basename(file, ".ts"), file]));
}

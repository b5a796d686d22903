// The official Node.js binaries on npm (`node-<os>-<cpu>`) write `os` and `cpu` as plain strings and leave out `libc`.
// pnpm records neither, and would download every platform's binary. As arrays they select exactly one.
const NODE_BINARY = /^node(-bin)?-(linux|darwin|win)-(x64|arm64)$/;
const asArray = (value) => (typeof value === "string" ? [value] : value);

function readPackage(manifest) {
  if (!NODE_BINARY.test(manifest.name ?? "")) return manifest;
  manifest.os = asArray(manifest.os);
  manifest.cpu = asArray(manifest.cpu);
  if (manifest.name.startsWith("node-linux-")) manifest.libc = ["glibc"];
  return manifest;
}

module.exports = { hooks: { readPackage } };

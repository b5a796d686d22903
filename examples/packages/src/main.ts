// Runs the first lines of every package, each as it stands in its README, and looks at what they print.
import assert from "node:assert/strict";

const print = console.log;
async function printedBy(load: () => Promise<unknown>): Promise<string> {
  const lines: string[] = [];
  console.log = (...values) => void lines.push(values.map((value) => JSON.stringify(value)).join(" "));
  try {
    await load();
  } finally {
    console.log = print;
  }
  return lines.join("\n");
}

assert.equal(await printedBy(() => import("./engine.ts")), '"Hello Ada"');
assert.equal(await printedBy(() => import("./executor-in-process.ts")), '"Hello Ada"');
assert.match(await printedBy(() => import("./executor-child-process.ts")), /^"Hello Ada from process \d+"$/);
assert.equal(await printedBy(() => import("./live.ts")), '"0 reports"');
assert.equal(await printedBy(() => import("./http.ts")), "200");
assert.equal(await printedBy(() => import("./maintenance.ts")), "");
assert.match(await printedBy(() => import("./scheduler.ts")), /^"nightly" "2\d{3}-\d\d-\d\dT0[01]:00:00.000Z"$/);
assert.equal(await printedBy(() => import("./store-memory.ts")), '["queued"]');
assert.equal(await printedBy(() => import("./store-sqlite.ts")), '"Hello Ada"');
assert.equal(await printedBy(() => import("./tracker.ts")), "[]");
print("the first lines of every package run");

// Runs main.ts as it stands and looks at what it prints, so that main.ts holds nothing but what a reader needs.
import assert from "node:assert/strict";

const print = console.log;
const printed: unknown[] = [];
console.log = (...values) => {
  printed.push(...values);
  print(...values);
};
await import("./main.ts");
assert.deepEqual(printed, [{ lines: 2 }]);

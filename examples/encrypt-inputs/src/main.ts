import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createHost, defineTask } from "millrace";
import { aesCodec } from "./aes-codec.ts";

const greet = defineTask({
  kind: "user.greet",
  run: (input: { name: string }) => `Dear ${input.name}`,
});
const oldCodec = aesCodec("2025", randomBytes(32));
const newCodec = aesCodec("2026", randomBytes(32));

let oldTaskId: string;
{
  // #region host
  await using host = createHost({ tasks: [greet], codec: oldCodec });
  // #endregion
  await host.start();
  const { task } = await host.enqueue(greet, { name: "Ada Lovelace" });
  oldTaskId = task.id;
  console.log(await host.awaitResult(task.id, { timeoutMs: 10_000 }), task.input); // the host reads it
}

// #region rotate
// A new key writes; the old one still reads what it wrote.
await using host = createHost({ tasks: [greet], codec: newCodec, codecs: [oldCodec] });
console.log((await host.getTask(oldTaskId))?.input); // { name: "Ada Lovelace" }
// #endregion
assert.deepEqual((await host.getTask(oldTaskId))?.input, { name: "Ada Lovelace" });

{
  // #region without
  // Without the key there is nothing to read.
  await using stranger = createHost({ tasks: [greet] });
  console.log((await stranger.getTask(oldTaskId))?.input); // { unreadable: true, codecId: "2025" }
  // #endregion
  assert.deepEqual((await stranger.getTask(oldTaskId))?.input, { unreadable: true, codecId: "2025" });
}
const files = await Promise.all(
  ["", "-wal"].map((end) => readFile(`.millrace/tasks.sqlite${end}`, "latin1").catch(() => "")),
);
assert(!files.join("").includes("Lovelace"), "the name must not stand in the file");

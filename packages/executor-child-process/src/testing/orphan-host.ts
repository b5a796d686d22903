import { createChildProcessTaskExecutor } from "../create-child-process-task-executor.ts";
import { aRun, recordIo } from "./a-run.ts";

// A host that is going to be killed: it runs the busy handler until then.
const executor = createChildProcessTaskExecutor({ size: 1 });
const module = new URL("./handlers.ts", import.meta.url);
const run = aRun({
  handler: { type: "module", kind: "demo", entrypoint: { module, export: "busy" } },
  input: { line: process.argv[2] ?? "" },
});
await executor.execute([run], recordIo(), { abortGraceMs: 1_000 });

import { testTaskExecutor } from "@millrace/conformance";
import { createChildProcessTaskExecutor } from "./create-child-process-task-executor.ts";
import { quickStart } from "./testing/quick-start.ts";

// R5, R34–R39: the contract of every executor.
testTaskExecutor({ name: "child process", create: () => createChildProcessTaskExecutor({ size: 2, env: quickStart }) });

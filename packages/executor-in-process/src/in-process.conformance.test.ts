import { testTaskExecutor } from "@millrace/conformance";
import { createInProcessTaskExecutor } from "./create-in-process-task-executor.ts";

// R5, R34, R37–R39: the contract of every executor.
testTaskExecutor({ name: "in process", forms: ["function", "module"], create: () => createInProcessTaskExecutor() });

import { testTaskExecutor } from "@millrace/conformance";
import { createThreadTaskExecutor } from "./thread-executor.ts";

testTaskExecutor({ name: "thread", create: () => createThreadTaskExecutor(), forms: ["module"] });

import { defineTaskHandler } from "millrace";

export const handler = defineTaskHandler({
  run: () => process.kill(process.pid, "SIGKILL"),
});

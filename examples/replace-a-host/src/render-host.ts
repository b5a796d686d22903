import { createHost, defineTask, type TaskHost } from "millrace";

export const render = defineTask({
  kind: "page.render",
  async run(input: { page: number }, context) {
    // The first attempt takes longer than its process will live.
    process.send?.("begun");
    if (context.task.attempt === 1) await new Promise((resolve) => setTimeout(resolve, 60_000));
    return `page ${input.page}, attempt ${context.task.attempt}`;
  },
});

// #region host
export function createRenderHost(): TaskHost<unknown> {
  return createHost({
    tasks: [render],
    // What stays the same when the process is started anew: the name of a StatefulSet's pod, of a unit, of a container.
    podId: process.env["POD_NAME"] ?? "render-0",
    version: "2.4.0",
  });
}
// #endregion

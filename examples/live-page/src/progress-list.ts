// #region component
import { useTaskProgress, useTasks } from "@millrace/tracker/react";
import type { TaskSubscriptionBootstrap } from "millrace";
import { createElement as h, type ReactElement } from "react";

/** The reports of a page; `initial` is what the server has rendered. */
export function Reports({ initial }: { readonly initial: TaskSubscriptionBootstrap }): ReactElement {
  const { snapshots, status } = useTasks({ kinds: ["report.generate"], includeValues: false }, { initial });
  const rows = snapshots.map(({ id }) => h(Row, { key: id, id }));
  return h("section", { "aria-busy": status !== "live" }, h("ul", null, rows));
}

function Row({ id }: { readonly id: string }): ReactElement {
  const progress = useTaskProgress(id);
  if (progress === null) return h("li", null, "…");
  return h("li", null, h("progress", { max: 100, value: progress.percent ?? undefined }), ` ${progress.state}`);
}
// #endregion

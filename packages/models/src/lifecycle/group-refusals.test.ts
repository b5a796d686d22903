import { expect, it } from "vitest";
import { anId } from "../../test/a-task.ts";
import {
  dedupeConflict,
  dependencyCycle,
  dependencyUnknown,
  type GroupRefusal,
  kindUnknown,
  taskIdTaken,
} from "./group-refusals.ts";

it("a refusal of a group says which request it is about, and names what is in the way", () => {
  const [one, two] = [anId(1), anId(2)];
  const refusals: readonly [GroupRefusal, string, object][] = [
    [taskIdTaken({ id: one }, 3), "TASK_ID_TAKEN", { taskId: one }],
    [kindUnknown({ kind: "mail" }, 3), "KIND_UNKNOWN", { kind: "mail" }],
    [dedupeConflict({ dedupeKey: "k" }, 3, two), "DEDUPE_CONFLICT", { taskId: two }],
    [dependencyUnknown(two, 3), "DEPENDENCY_UNKNOWN", { taskId: two }],
    [dependencyCycle([one, two, one], 3), "DEPENDENCY_CYCLE", { taskIds: [one, two, one] }],
  ];
  for (const [refusal, code, details] of refusals) {
    expect(refusal).toMatchObject({ status: "refused", code, index: 3, details });
    for (const name of Object.values(details).flat()) expect(refusal.message).toContain(name);
  }
  expect(dedupeConflict({ dedupeKey: "k" }, 0, two).message).toContain('"k"');
});

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { aGroup } from "@millrace/conformance";
import type { TaskStore } from "@millrace/models";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createSqliteTaskStore } from "../create-sqlite-task-store.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "millrace-foreign-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (): TaskStore<unknown> => createSqliteTaskStore({ path: join(folder, "tasks.sqlite") });

it("whoever watches is woken by what another connection stores", async () => {
  const [own, other] = [open(), open()];
  await own.enqueue([aGroup({ mustKnowKind: false })]);
  let wakes = 0;
  const stop = own.watch(() => (wakes += 1));
  // Again and again, so that it does not matter when it has looked first.
  await expect
    .poll(async () => {
      await other.enqueue([aGroup({ mustKnowKind: false })]);
      return wakes;
    })
    .toBeGreaterThan(0);
  stop();
  await Promise.all([own.close(), other.close()]);
});

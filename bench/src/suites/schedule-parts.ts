import { defineTask, type TaskStore } from "@millrace/models";
import { createPostgresTaskStore } from "@millrace/store-postgres";
import type { VariantPlace } from "../harness/suite.ts";
import { openStore } from "./millrace-parts.ts";

/** What schedules have done. */
export const tick = defineTask({ kind: "tick", run: () => null });

/** The store of a suite: on Postgres where it has asked for one, else on SQLite. */
export function openScheduleStore({ folder, postgresUrl }: Pick<VariantPlace, "folder" | "postgresUrl">): TaskStore {
  return postgresUrl === "" ? openStore(folder, "full") : createPostgresTaskStore({ connectionString: postgresUrl });
}

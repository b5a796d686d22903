import { journalStart, type JournalEvent, type TaskRecord, type TaskStore } from "@millrace/models";
import type { History } from "./history.ts";

/** Reads all records and the whole journal of a store, page by page. For a store at rest. */
export async function readHistory(store: Pick<TaskStore, "read" | "events">): Promise<History> {
  const records = await readAllRecords(store);
  const events: JournalEvent[] = [];
  let cursor = journalStart;
  let journalIsCut = false;
  for (;;) {
    const page = await store.events(cursor, 1_000);
    if (page.status === "reset") {
      if (page.why !== "retention" || journalIsCut) return { records, events, journalIsCut: true };
      journalIsCut = true;
    } else {
      events.push(...page.events);
      if (!page.more) return { records, events, journalIsCut };
    }
    ({ cursor } = page);
  }
}

async function readAllRecords(store: Pick<TaskStore, "read">): Promise<readonly TaskRecord[]> {
  const records: TaskRecord[] = [];
  let after: string | null = null;
  do {
    const page = await store.read({ limit: 1_000, orderBy: "created_asc", ...(after === null ? {} : { after }) });
    records.push(...page.tasks);
    after = page.next;
  } while (after !== null);
  return records;
}

import { isTaskEvent, type TaskService } from "millrace";

/** Counts failures by kind and hands the digest on. It reads the journal, so it sees what every host did, once restarted too. */
export function failureDigest(publish: (digest: ReadonlyMap<string, number>) => void): TaskService {
  const counts = new Map<string, number>();
  return {
    name: "failure-digest",
    async start(port) {
      port.consume({ name: "failure-digest" }, async (events) => {
        for (const event of events) {
          if (isTaskEvent(event) && event.type === "failed") counts.set(event.kind, (counts.get(event.kind) ?? 0) + 1);
        }
        if (counts.size > 0) publish(new Map(counts));
      });
    },
  };
}

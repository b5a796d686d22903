// A worker in a process of its own that tells of its progress until it is ended.
import { startTelling } from "./dashboard-teller.ts";
import { openLiveStore } from "./live-parts.ts";

const telling = await startTelling(openLiveStore(process.argv[2] ?? ""));
process.on("message", () => telling.makeBusy());
process.once("disconnect", () => process.exit(0));
process.send?.(telling.taskId);

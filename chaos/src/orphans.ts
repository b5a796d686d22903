import { readdirSync, readFileSync } from "node:fs";

/** The variable that marks every process of a run, also those that its processes have started. */
export const markName = "MILLRACE_CHAOS_MARK";

/** A process that should be gone. */
export interface Orphan {
  readonly pid: number;
  readonly command: string;
}

/** The processes with this mark but the calling one; null where the machine has no /proc to look into. */
function markedProcesses(mark: string): readonly Orphan[] | null {
  if (process.platform !== "linux") return null;
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .filter((name) => textOf(`/proc/${name}/environ`).split("\0").includes(`${markName}=${mark}`))
    .map((name) => ({ pid: Number(name), command: textOf(`/proc/${name}/cmdline`).replaceAll("\0", " ").trim() }));
}

/** Processes with this mark that are still there after a while. */
export async function lastingProcesses(mark: string, withinMs: number): Promise<readonly Orphan[] | null> {
  const until = performance.now() + withinMs;
  for (;;) {
    const found = markedProcesses(mark);
    if (found === null || found.length === 0 || performance.now() > until) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Empty when the process is gone, or is not ours to look at. */
function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

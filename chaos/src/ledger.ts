import { appendFileSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What someone saw or did, written down outside the store under test. Times are of the machine's monotonic clock, in ms. */
export type LedgerLine =
  | {
      readonly type: "begin";
      readonly taskId: string;
      readonly attempt: number;
      readonly key?: string;
      readonly at: number;
    }
  | { readonly type: "end"; readonly taskId: string; readonly attempt: number; readonly at: number }
  /** What `context.once` was to do one time, and what it answered. */
  | { readonly type: "effect"; readonly taskId: string; readonly attempt: number; readonly at: number }
  | {
      readonly type: "remembered";
      readonly taskId: string;
      readonly attempt: number;
      readonly value: number;
      readonly at: number;
    }
  | { readonly type: "children"; readonly taskId: string; readonly statuses: readonly string[] }
  /** The answer to a write under a lease. */
  | {
      readonly type: "write";
      readonly taskId: string;
      readonly attempt: number;
      readonly leaseToken: string;
      readonly answer: "held" | "lost";
      readonly version: number | null;
      readonly replayed: boolean;
    }
  /** The process did not get to run for a while, from this moment on. */
  | { readonly type: "lag"; readonly at: number }
  /** Tasks that are about to be sent as one group, and the flow they make; then, that the store has answered. */
  | {
      readonly type: "intent";
      readonly ids: readonly string[];
      readonly flow?: { readonly waiterId: string; readonly dependencyIds: readonly string[] };
    }
  | { readonly type: "acknowledged"; readonly ids: readonly string[] }
  /** A lease is about to be taken away. */
  | { readonly type: "terminate"; readonly taskId: string; readonly at: number }
  /** A cancel was acknowledged by this version at the latest. */
  | { readonly type: "cancelled"; readonly taskId: string; readonly version: number };

/** A line with the process that wrote it. */
export type WrittenLine = LedgerLine & { readonly by: string };

/** Writes lines. */
export type Write = (...lines: readonly LedgerLine[]) => void;

/** The machine's monotonic clock in ms: the same in every process. */
export const machineMs = (): number => Number(process.hrtime.bigint()) / 1e6;

/** Writes lines in the name of one process, into a file of this one; what was written before a SIGKILL stays. */
export function openLedger(folder: string, by: string): Write {
  const path = join(folder, `${by}+${process.pid}.ledger`);
  return (...lines) => appendFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
}

/** Reads the lines of all; the torn last line of a killed one is left out. */
export function readLedgers(folder: string): readonly WrittenLine[] {
  const files = readdirSync(folder).filter((name) => name.endsWith(".ledger"));
  return files.flatMap((name) => {
    const lines = readFileSync(join(folder, name), "utf8").split("\n").slice(0, -1);
    const by = name.slice(0, name.indexOf("+"));
    return lines.map((line): WrittenLine => ({ ...(JSON.parse(line) as LedgerLine), by }));
  });
}

/** The lines of one type. */
export function linesOf<Type extends LedgerLine["type"]>(
  lines: readonly WrittenLine[],
  type: Type,
): readonly Extract<WrittenLine, { readonly type: Type }>[] {
  return lines.filter((line): line is Extract<WrittenLine, { readonly type: Type }> => line.type === type);
}

import { machineTime, takenPercent, type MachineTime } from "./taken-time.ts";

/** Something measured, and how much of the machine its neighbours had meanwhile; null = not known. */
export interface CalmRun<T> {
  readonly value: T;
  readonly takenPercent: number | null;
}

/** What of a machine neighbours may have before a figure says more of them than of us. Percent. */
export const calmPercent = 3;

/** Measures again while neighbours have too much of the machine, up to `tries` times; answers the calmest run. */
export async function calmest<T>(
  measure: () => Promise<T>,
  { tries, time = machineTime }: { readonly tries: number; readonly time?: () => MachineTime | null },
): Promise<CalmRun<T>> {
  const run = async (): Promise<CalmRun<T>> => {
    const before = time();
    const value = await measure();
    return { value, takenPercent: takenPercent(before, time()) };
  };
  let best = await run();
  for (let tried = 1; tried < tries && (best.takenPercent ?? 0) > calmPercent; tried += 1) {
    const next = await run();
    if ((next.takenPercent ?? 0) < (best.takenPercent ?? 0)) best = next;
  }
  return best;
}

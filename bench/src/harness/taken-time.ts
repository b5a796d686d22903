import { readFileSync } from "node:fs";

/** Processor time of the machine since it began, in its own ticks. */
export interface MachineTime {
  /** In which somebody here wanted to work. */
  readonly wanted: number;
  /** Of that, what the host of this virtual machine gave to others. */
  readonly taken: number;
  /** In which nobody here wanted to work, or only waited for a disk. */
  readonly idle: number;
}

/** What the machine has counted; null where it counts nothing of the kind. */
export function machineTime(): MachineTime | null {
  try {
    return parseMachineTime(readFileSync("/proc/stat", "utf8"));
  } catch {
    return null;
  }
}

/** Reads the first line of `/proc/stat`: user, nice, system, idle, iowait, irq, softirq, steal. Null when it is none. */
export function parseMachineTime(text: string): MachineTime | null {
  const [name, ...columns] = text.split("\n", 1)[0]?.split(/ +/) ?? [];
  const [user = 0, nice = 0, system = 0, idle = 0, waiting = 0, irq = 0, softirq = 0, taken = 0] = columns.map(Number);
  if (name !== "cpu") return null;
  return { wanted: user + nice + system + irq + softirq + taken, taken, idle: idle + waiting };
}

/** How much of the time in which somebody here wanted to work others had, in percent; null = not known. */
export function takenPercent(before: MachineTime | null, after: MachineTime | null): number | null {
  if (!before || !after || after.wanted <= before.wanted) return null;
  return (100 * (after.taken - before.taken)) / (after.wanted - before.wanted);
}

/** How much of the machine was wanted, in percent: near 100 nothing is gained by more processes. Null = not known. */
export function busyPercent(before: MachineTime | null, after: MachineTime | null): number | null {
  if (!before || !after) return null;
  const wanted = after.wanted - before.wanted;
  const all = wanted + after.idle - before.idle;
  return all <= 0 ? null : (100 * wanted) / all;
}

/** A task's id: a lower-case UUID. Made by the caller before sending, so that a repeated send is recognised. */
export type TaskId = string;

const pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether a string is a lower-case UUID, the only form an id may have. Natural keys are dedupe keys instead. */
export function isTaskId(value: unknown): value is TaskId {
  return typeof value === "string" && pattern.test(value);
}

const hexOf: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
// A refill costs the same however much it brings, up to about here.
const poolSize = 8_192;
const pool = new Uint8Array(poolSize);
let poolAt = poolSize;
let lastMs = 0;
let counter = 0;

const randomByte = (): number => {
  if (poolAt >= poolSize) {
    crypto.getRandomValues(pool);
    poolAt = 0;
  }
  return pool[poolAt++] ?? 0;
};

/**
 * A new UUID version 7 (RFC 9562): ids sort by the time they were made, and within this process they only ever
 * grow (its method 1: a counter in the 12 bits behind the milliseconds).
 */
export function createTaskId(nowMs: number = Date.now()): TaskId {
  if (nowMs > lastMs) {
    lastMs = nowMs;
    counter = ((randomByte() & 0x07) << 8) | randomByte();
  } else {
    counter += 1;
    if (counter > 0xfff) {
      lastMs += 1;
      counter = ((randomByte() & 0x07) << 8) | randomByte();
    }
  }
  const tail = (0x7000 | counter).toString(16);
  const [a, b, c, d] = [hexOf[(randomByte() & 0x3f) | 0x80], randomHex(), randomHex(), randomHex()];
  return `${timeText(lastMs)}${tail}-${a}${b}-${c}${d}${randomHex()}${randomHex()}${randomHex()}${randomHex()}`;
}

const randomHex = (): string => hexOf[randomByte()] ?? "";

let timeOf = -1;
let timeIs = "";

/** The first two parts of an id; many ids are made in one millisecond. */
function timeText(ms: number): string {
  if (ms !== timeOf) {
    const digits = ms.toString(16).padStart(12, "0");
    timeOf = ms;
    timeIs = `${digits.slice(0, 8)}-${digits.slice(8)}-`;
  }
  return timeIs;
}

import { toTaskFailure, type LogLine } from "@millrace/models";
import { problemText, toPlainJson } from "../run/plain-json.ts";

/** A line and the position of the run it belongs to. */
export interface PlacedLine {
  readonly i: number;
  readonly line: LogLine;
}

/** Collects log lines while a message is on its way; a flood loses lines, never memory. */
export interface LogQueue {
  add(i: number, line: LogLine): void;
  /** Sends what is left; resolves when it has left. */
  drain(): Promise<void>;
}

const maxWaiting = 1_000;
const maxMessageLength = 65_536;

/** Makes the log queue of one call. */
export function createLogQueue(send: (lines: readonly PlacedLine[]) => Promise<void>): LogQueue {
  let waiting: PlacedLine[] = [];
  let lost = 0;
  let sending: Promise<void> | null = null;

  const flush = async (): Promise<void> => {
    while (waiting.length > 0) {
      const lines = waiting;
      waiting = [];
      if (lost > 0) {
        lines.push({
          i: 0,
          line: {
            level: "warn",
            message: `${lost} log lines were lost: they came faster than they could be passed on.`,
          },
        });
        lost = 0;
      }
      await send(lines);
    }
    sending = null;
  };

  return {
    add(i, line) {
      if (waiting.length >= maxWaiting) {
        lost += 1;
        return;
      }
      waiting.push({ i, line: plainLine(line) });
      sending ??= flush();
    },
    drain: () => sending ?? Promise.resolve(),
  };
}

function plainLine(line: LogLine): LogLine {
  const message = line.message.slice(0, maxMessageLength);
  if (!line.fields) return { level: line.level, message };
  return { level: line.level, message, fields: plainFields(line.fields) };
}

/** Fields may hold anything; an error is told as a failure, what cannot cross is named. */
function plainFields(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const whole = toPlainJson(fields, "fields");
  if (whole.ok) return whole.json as Readonly<Record<string, unknown>>;
  const entries = Object.entries(fields).map(([key, value]): [string, unknown] => {
    if (value === undefined) return [key, null];
    if (value instanceof Error) return [key, toTaskFailure(value)];
    const plain = toPlainJson(value, key);
    return [key, plain.ok ? plain.json : `[${problemText(plain.problem)}]`];
  });
  return Object.fromEntries(entries.filter(([key]) => key !== "__proto__"));
}

import { wantsColor } from "./paint.ts";
import type { ProgressModel } from "./progress-model.ts";
import { renderChanges } from "./render-changes.ts";
import { renderFrame } from "./render-frame.ts";
import { renderSummary, type Summary } from "./render-summary.ts";

/** The part of `process.stdout` that is used. */
export interface TerminalStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

/** Shows progress: live bars on a terminal, else a line for each change. */
export interface Terminal {
  /** Shows the newest state of things; to be called as often as one likes. */
  show(model: ProgressModel, now: number): void;
  /** Leaves the last picture standing and writes the summary below it. */
  end(summary: Summary): void;
  /** Writes a line above the bars; after `restore`, below the last picture. */
  say(text: string): void;
  /** Leaves the last picture standing and puts the cursor back; for an early end. May be called twice. */
  restore(): void;
}

const hideCursor = "\u001B[?25l";
const showCursor = "\u001B[?25h";
const eraseBelow = "\u001B[0J";
const logColumns = 100;

export function createTerminal(
  stream: TerminalStream,
  environment: Readonly<Record<string, string | undefined>>,
): Terminal {
  const isLive = stream.isTTY === true && environment["TERM"] !== "dumb" && (environment["CI"] ?? "") === "";
  const color = wantsColor({ environment, isTerminal: stream.isTTY === true });
  let drawnLines = 0;
  let isCursorHidden = false;
  let last: ProgressModel | null = null;

  const eraseFrame = (): string => (drawnLines === 0 ? "" : `\u001B[${String(drawnLines)}A\r${eraseBelow}`);

  const restore = (): void => {
    if (isCursorHidden) stream.write(showCursor);
    isCursorHidden = false;
    drawnLines = 0;
  };

  const draw = (model: ProgressModel, now: number): void => {
    // A terminal that wraps a line would count it twice: one column is left free.
    const columns = (stream.columns ?? 80) - 1;
    const lines = renderFrame(model, {
      columns,
      color,
      now,
      ...(stream.rows === undefined ? {} : { rows: stream.rows }),
    });
    stream.write(`${isCursorHidden ? "" : hideCursor}${eraseFrame()}${lines.join("\n")}\n`);
    isCursorHidden = true;
    drawnLines = lines.length;
  };

  return {
    show(model, now) {
      if (isLive) draw(model, now);
      else for (const line of renderChanges(last, model)) stream.write(`${line}\n`);
      last = model;
    },
    say(text) {
      stream.write(`${eraseFrame()}${text}\n`);
      drawnLines = 0;
    },
    end(summary) {
      restore();
      const columns = isLive ? (stream.columns ?? 80) - 1 : logColumns;
      stream.write(`\n${renderSummary(summary, { columns, color }).join("\n")}\n`);
    },
    restore,
  };
}

import { once } from "node:events";
import type { Terminal } from "../terminal/create-terminal.ts";
import { startShowcase, type Showcase, type ShowcaseRequest } from "./start-showcase.ts";

/** What is shown beside the work, and for how long. */
export interface BesideRequest extends Omit<ShowcaseRequest, "port"> {
  /** Null = the usual one, or any when that is taken. */
  readonly port: number | null;
  readonly terminal: Terminal;
}

/** A dashboard beside the work; the work goes on without it where it cannot be had. */
export interface Beside {
  /** Leaves it open until the signal, or says how it could have stayed. */
  stay(options: { readonly isKept: boolean; readonly signal: AbortSignal }): Promise<void>;
  close(): Promise<void>;
}

const usualPort = 4777;

/** Begins to show it; the caller need not wait. */
export function showBeside(request: BesideRequest): Beside {
  const { terminal } = request;
  const showcase = started(request);
  return {
    async stay({ isKept, signal }) {
      const open = await showcase;
      if (open === null) return;
      if (!isKept) {
        terminal.say(`\nThe dashboard was at ${open.url}; with --keep, or on a terminal, it stays open.`);
        return;
      }
      terminal.say(`\nThe dashboard stays at ${open.url} until Ctrl-C.`);
      if (!signal.aborted) await once(signal, "abort");
    },
    close: async () => (await showcase)?.close(),
  };
}

async function started({ terminal, port, ...rest }: BesideRequest): Promise<Showcase | null> {
  try {
    const showcase = await startShowcase({ ...rest, port: port ?? usualPort }).catch((error: unknown) => {
      if (port !== null) throw error;
      return startShowcase({ ...rest, port: 0 });
    });
    terminal.say(`Dashboard: ${showcase.url}`);
    return showcase;
  } catch (error) {
    terminal.say(`The dashboard cannot be shown: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}

import { isFinal, type SignalAnswer, type SignalAsk, waitsAs } from "@millrace/models";
import type { Sql } from "../connection/session.ts";
import { makeMove } from "../effects/make-move.ts";
import { flag } from "../row/task-flags.ts";
import { numberOf } from "../row/task-row.ts";
import { valueToText } from "../row/value-column.ts";
import { getTask } from "../transaction/hold.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { setFlags } from "../transaction/task-table.ts";
import { answerEach } from "./each.ts";

/** How many signals of one name may wait unread at one task. */
const mostKept = 100;

const selectSeen: Sql = (n) => `select 1 from ${n.signal} where task = $1 and signal_id = $2`;
const countKept: Sql = (n) => `select count(*) from ${n.signal} where task = $1 and name = $2 and not consumed`;
const insertSignal: Sql = (n) => `
insert into ${n.signal} (task, signal_id, name, payload, consumed) values ($1, $2, $3, $4, $5)`;

/** M11 by signal; a signal that nobody waits for is kept for the next wait of its name. */
export function signal(tx: StoreTransaction, asks: readonly SignalAsk[]): Promise<readonly SignalAnswer[]> {
  tx.journal.begin("signal");
  return answerEach(tx, asks, (ask) => signalOne(tx, ask));
}

async function signalOne(tx: StoreTransaction, ask: SignalAsk): Promise<SignalAnswer> {
  const stored = await getTask(tx, ask.taskId);
  if (!stored) return { status: "not-found" };
  const { flags, task } = stored;
  if (isFinal(task.status)) return { status: "closed" };
  const { id } = task;
  if (flags & flag.signals && (await tx.query(selectSeen, [id, ask.signalId])).length > 0) {
    return { status: "repeated" };
  }
  const isAwaited = waitsAs(task) === "suspended" && task.waitSignal === ask.name;
  if (!isAwaited && (await keptOf(tx, id, ask.name)) >= mostKept) return { status: "full" };
  const payload = isAwaited ? null : valueToText(ask.payload);
  tx.write(insertSignal, [id, ask.signalId, ask.name, payload, isAwaited]);
  makeMove(tx, stored, { type: "signalled", name: ask.name });
  setFlags(tx, stored, flag.signals);
  if (!isAwaited) return { status: "kept" };
  const told = await getTask(tx, id);
  if (told) makeMove(tx, told, { type: "wake", reason: "signal", payload: ask.payload, aborted: false });
  return { status: "woke" };
}

async function keptOf(tx: StoreTransaction, id: string, name: string): Promise<number> {
  return numberOf((await tx.query(countKept, [id, name]))[0]?.[0] ?? 0);
}

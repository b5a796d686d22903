import { isFinal, type SignalAnswer, type SignalAsk, waitsAs } from "@millrace/models";
import { valueToColumn } from "@millrace/store-sql";
import type { Sql } from "../connection/connection.ts";
import { drainEnded } from "../effects/drain-ended.ts";
import { makeMove } from "../effects/make-move.ts";
import { flag } from "../row/task-flags.ts";
import { getBySeq, getTask } from "../transaction/read-stored.ts";
import type { StoreTransaction } from "../transaction/store-transaction.ts";
import { setFlags } from "../transaction/task-table.ts";

/** How many signals of one name may wait unread at one task. */
const mostKept = 100;

const selectSeen: Sql = (n) => `select 1 from ${n.signal} where task = ? and signal_id = ?`;
const countKept: Sql = (n) => `
select count(*) from ${n.signal} indexed by ${n.signal}_kept where task = ? and name = ? and consumed = 0`;
const insertSignal: Sql = (n) => `
insert into ${n.signal} (task, signal_id, name, payload, consumed) values (?, ?, ?, ?, ?)`;

/** M11 by signal; a signal that nobody waits for is kept for the next wait of its name. */
export function signal(tx: StoreTransaction, asks: readonly SignalAsk[]): readonly SignalAnswer[] {
  tx.journal.begin("signal");
  return asks.map((ask) => {
    const answer = signalOne(tx, ask);
    drainEnded(tx);
    return answer;
  });
}

function signalOne(tx: StoreTransaction, ask: SignalAsk): SignalAnswer {
  const stored = getTask(tx, ask.taskId);
  if (!stored) return { status: "not-found" };
  const { seq, flags, task } = stored;
  if (isFinal(task.status)) return { status: "closed" };
  if (flags & flag.signals && tx.use(selectSeen).get(seq, ask.signalId)) return { status: "repeated" };
  const isAwaited = waitsAs(task) === "suspended" && task.waitSignal === ask.name;
  if (!isAwaited && Number(tx.use(countKept).get(seq, ask.name)?.[0]) >= mostKept) return { status: "full" };
  const payload = isAwaited ? null : valueToColumn(ask.payload);
  tx.use(insertSignal).run(seq, ask.signalId, ask.name, payload, isAwaited ? 1 : 0);
  makeMove(tx, stored, { type: "signalled", name: ask.name });
  setFlags(tx, seq, flag.signals);
  if (!isAwaited) return { status: "kept" };
  const told = getBySeq(tx, seq);
  if (told) makeMove(tx, told, { type: "wake", reason: "signal", payload: ask.payload, aborted: false });
  return { status: "woke" };
}

import { checkInvariants, readHistory, type Violation } from "@millrace/conformance/invariants";
import type { TaskStore } from "@millrace/models";
import { keyCount } from "./chaos-kinds.ts";
import type { Followed } from "./follower.ts";
import { holdingsOf } from "./holdings.ts";
import { checkLedgers } from "./ledger-checks.ts";
import { linesOf, type WrittenLine } from "./ledger.ts";
import { checkFollowed, checkFollowedOnce, checkOrder } from "./order-checks.ts";
import type { Outage } from "./worker-fleet.ts";

/** Everything that is known at the end of a run. */
export interface RunEnd {
  readonly store: TaskStore;
  readonly lines: readonly WrittenLine[];
  readonly outages: readonly Outage[];
  readonly followed: Followed;
  /** Whether the journal's order is that of the commits. */
  readonly isJournalInOrder: boolean;
}

/** Holds the store, its journal, its follower and the notes of all processes against the invariants. */
export async function judgeRun({ store, lines, outages, ...end }: RunEnd): Promise<readonly Violation[]> {
  const history = await readHistory(store);
  const { records, events } = history;
  const { followed, isJournalInOrder } = end;
  const violations = checkInvariants({
    ...history,
    isQuiet: true,
    acknowledged: linesOf(lines, "acknowledged").flatMap(({ ids }) => ids),
    writes: linesOf(lines, "write"),
    holdings: holdingsOf(lines, outages),
    limits: Array.from({ length: keyCount }, (_, n) => ({ name: `key-${n}`, limit: 1 })),
    flows: linesOf(lines, "intent").flatMap(({ flow }) => (flow ? [{ ...flow, mayGoOnEarly: false }] : [])),
    views: [{ name: "the follower", versions: followed.versions }],
  });
  return [
    ...violations,
    ...followed.violations,
    ...(isJournalInOrder
      ? [...checkFollowed(followed.events, events), ...checkOrder(records, events)]
      : checkFollowedOnce(followed.events, events)),
    ...checkLedgers({ records, events, lines }),
  ];
}

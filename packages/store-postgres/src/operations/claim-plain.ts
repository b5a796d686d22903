import type { ClaimRequest } from "@millrace/models";
import { comesBefore, statusCode } from "@millrace/store-sql";
import type { Row, Session } from "../connection/session.ts";
import { numberOrNull, type StoredTask, storedTask } from "../row/task-row.ts";
import { readLocked } from "../transaction/hold.ts";
import type { ReadyBounds, ReadyRange } from "../transaction/ready-bounds.ts";
import { headOf } from "./claim-queue.ts";
import { claimFirst, claimFirstOfKinds, claimTasks, claimTasksBehind } from "./claim-statements.ts";
import { currentOf } from "./current-tasks.ts";

const claimedStatus = statusCode("claimed");

/** What a statement that claims has answered. */
interface Found {
  readonly isSpecial: boolean;
  readonly hasMore: boolean;
  readonly nextDue: number | null;
  readonly now: number;
  /** One for each task it took. */
  readonly rows: readonly Row[];
}

/** The lease that a claim gives. */
interface GivenLease {
  readonly token: string;
  readonly hostId: string;
  readonly now: number;
  readonly leaseMs: number;
}

/** A row of `taskColumns` out of one of the claim, which leaves out what is the same for all it takes. */
function claimedRow(row: Row, { token, hostId, now, leaseMs }: GivenLease): Row {
  const [id, tenantId, kind, flags, priority, scheduledAt, attempt, version, failures, lastToken, ended, createdAt] =
    row;
  const expiresAt = now + leaseMs;
  // prettier-ignore
  return [
    id, tenantId, kind, claimedStatus, flags, priority, scheduledAt, attempt, version, failures, lastToken, hostId, ended,
    createdAt, now, now, null, now, null, row[12], row[13], row[14], row[15], token, expiresAt, null,
  ];
}

/** What the short claim brought. */
export interface PlainClaim {
  /** In the order of claims. */
  readonly claimed: readonly StoredTask[];
  /** A kind asked for, or the store, has settings, or it stopped before a task that the long way must look at. */
  readonly isSpecial: boolean;
  /** It took the first task alone, and could have taken others. */
  readonly hasMore: boolean;
  readonly nextDueInMs: number | null;
}

/** What a short claim goes by. */
interface PlainClaiming {
  readonly token: string;
  readonly now: number | null;
  readonly bounds: ReadyBounds;
}

/** M2 of tasks of which nothing special was said, in one statement. */
export async function claimPlain(session: Session, request: ClaimRequest, by: PlainClaiming): Promise<PlainClaim> {
  const { hostId, leaseMs, limit } = request;
  const { token, bounds } = by;
  const kinds = [...new Map(request.kinds.map(({ kind, slots }) => [kind, slots]))].filter(([, slots]) => slots > 0);
  const names = kinds.map(([kind]) => kind);
  const most = Math.min(
    limit,
    kinds.reduce((sum, [, slots]) => sum + slots, 0),
  );
  const bounded = bounds.begin(names);
  const isFirstAlone = bounded.ranges === null && (most === 1 || request.expectsOne === true);
  const begun = performance.now();
  const found = isFirstAlone
    ? await findFirst(session, names, [token, leaseMs, hostId, by.now])
    : await findAll(
        session,
        [names, kinds.map(([, slots]) => Math.min(slots, limit)), limit, token, leaseMs, hostId, by.now],
        bounded.ranges,
      );
  const tookMs = performance.now() - begun;
  const { isSpecial, hasMore, nextDue, now } = found;
  const lease = { token, hostId, now, leaseMs };
  const claimed = await currentOf(
    found.rows.map((row) => storedTask(claimedRow(row, lease))),
    // The record is behind its lease by the claim.
    { versions: found.rows.map((row) => Number(row.at(-1)) + 1), read: (ids) => session.run(readLocked, [ids]) },
  );
  bounds.end(bounded, {
    kinds: names,
    taken: claimed.map(({ task }) => task),
    isShort: claimed.length < most && !hasMore,
    now,
    tookMs,
  });
  return {
    claimed: inOrder(claimed),
    isSpecial,
    hasMore: hasMore && claimed.length < most,
    nextDueInMs: nextDue === null ? null : Math.max(0, nextDue - now),
  };
}

async function findFirst(session: Session, kinds: readonly string[], by: readonly unknown[]): Promise<Found> {
  const [kind] = kinds;
  const rows = await (kinds.length === 1
    ? session.run(claimFirst, [kind, ...by])
    : session.run(claimFirstOfKinds, [kinds, ...by]));
  const [isSpecial, hasMore, nextDue, now, ...own] = rows[0] ?? [];
  return {
    isSpecial: isSpecial === true,
    hasMore: hasMore === true,
    nextDue: numberOrNull(nextDue),
    now: Number(now),
    rows: own[0] === null ? [] : [own],
  };
}

async function findAll(
  session: Session,
  values: readonly unknown[],
  ranges: readonly ReadyRange[] | null,
): Promise<Found> {
  const rows = await (ranges
    ? session.run(claimTasksBehind, [...values, ...columnsOf(ranges)])
    : session.run(claimTasks, values));
  // The row without an id.
  const said = rows.find(([id]) => id === null);
  return {
    isSpecial: said?.[3] === 1,
    hasMore: false,
    nextDue: numberOrNull(said?.[5]),
    now: Number(said?.[11]),
    rows: rows.filter((row) => row !== said),
  };
}

function inOrder(claimed: readonly StoredTask[]): readonly StoredTask[] {
  const heads = claimed.map((stored) => headOf(stored, 0));
  return heads.toSorted((a, b) => (comesBefore(a, b) ? -1 : 1)).map(({ stored }) => stored);
}

function columnsOf(ranges: readonly ReadyRange[]): readonly (readonly unknown[])[] {
  return [
    ranges.map(({ kind }) => kind),
    ranges.map(({ high }) => high),
    ranges.map(({ low }) => low),
    ranges.map(({ from }) => from),
  ];
}

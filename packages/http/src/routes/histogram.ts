import type { EpochMs, TaskClient } from "@millrace/models";
import { arrayOf, fields, number } from "../openapi/answer-parts.ts";
import { orNull } from "../overview/or-null.ts";
import { passes, type QueryPlan } from "../query/plan-query.ts";
import { object } from "../schema/object-schema.ts";
import { described, oneOf, optional } from "../schema/schema.ts";
import { q } from "./parameters.ts";
import { planOf } from "./plan-of.ts";
import { route, type HttpCall, type Route } from "./route.ts";
import { scopeOf } from "./scoped-task.ts";

type WindowName = "24h" | "7d";

const hourMs = 3_600_000;
const windows: Readonly<Record<WindowName, { readonly parts: number; readonly partMs: number }>> = {
  "24h": { parts: 48, partMs: hourMs / 2 },
  "7d": { parts: 84, partMs: 2 * hourMs },
};
const mostTasks = 500;
const pieceSize = 100;

interface Span {
  readonly from: EpochMs;
  readonly partMs: number;
}

/** How many were made in each part, and from when on that is all of them. */
interface Counted {
  readonly byPart: ReadonlyMap<EpochMs, number>;
  readonly knownFrom: EpochMs | null;
  readonly searched: number | null;
}

const histogram = route({
  method: "GET",
  path: "/v1/histogram",
  right: "read",
  scope: "tenant",
  summary: "When the tasks of a query were made.",
  querySchema: object({
    q,
    window: described(optional(oneOf(["24h", "7d"])), "How far back; 24h unless said."),
  }),
  answer: {
    description:
      "Numbers are whole from `knownFrom` on; null = nothing is known. `searched` says how many of the newest tasks were looked at, and is null where the journal tells.",
    schema: fields({
      from: number,
      now: number,
      partMs: number,
      parts: arrayOf(fields({ at: number, count: number })),
    }),
  },
  async handle(call) {
    const { api, query } = call;
    const { parts, partMs } = windows[query.window ?? "24h"];
    const now = api.clock.now();
    const from = now - (now % partMs) - (parts - 1) * partMs;
    const text = query.q ?? "";
    const told = text.trim() === "" ? await fromJournal(call, { from, partMs }) : null;
    const { byPart, ...known } = told ?? (await fromTasks(api.client, await planOf(call, text), { from, partMs }));
    const counts = Array.from({ length: parts }, (_, n) => from + n * partMs).map((at) => ({
      at,
      count: byPart.get(at) ?? 0,
    }));
    return { value: { from, now, partMs, parts: counts, ...known } };
  },
});

/** Every task: as many as the journal says were enqueued. */
async function fromJournal(call: Pick<HttpCall, "api" | "access">, { from, partMs }: Span): Promise<Counted | null> {
  const answer = await orNull(call.api.client.readActivity({ ...scopeOf(call), from, partMs }));
  if (answer === null) return null;
  const byPart = new Map<EpochMs, number>();
  for (const { at, type, count } of answer.counts) {
    if (type === "enqueued") byPart.set(at, (byPart.get(at) ?? 0) + count);
  }
  return { byPart, knownFrom: answer.knownFrom, searched: null };
}

/** Of a query: those among the newest so many. */
async function fromTasks(
  client: Pick<TaskClient, "listTasks">,
  { filter, tests, includeValues }: QueryPlan,
  { from, partMs }: Span,
): Promise<Counted> {
  const byPart = new Map<EpochMs, number>();
  let [after, searched, oldest] = [null as string | null, 0, Number.POSITIVE_INFINITY];
  do {
    const page: Awaited<ReturnType<TaskClient["listTasks"]>> = await client.listTasks({
      ...filter,
      limit: pieceSize,
      includeValues,
      ...(after === null ? {} : { after }),
    });
    for (const task of page.snapshots) {
      oldest = Math.min(oldest, task.createdAt);
      if (task.createdAt < from || !passes(task, tests)) continue;
      const at = task.createdAt - (task.createdAt % partMs);
      byPart.set(at, (byPart.get(at) ?? 0) + 1);
    }
    searched += page.snapshots.length;
    after = page.next;
  } while (after !== null && searched < mostTasks && oldest >= from);
  return { byPart, knownFrom: after === null ? from : Math.max(from, oldest), searched };
}

/** Routes about when. */
export const histogramRoutes: readonly Route[] = [histogram];

import { TaskError } from "@millrace/models";
import { anyObject, arrayOf, fields, listOf, number, ref } from "../openapi/answer-parts.ts";
import { orNull } from "../overview/or-null.ts";
import { object } from "../schema/object-schema.ts";
import { described, flag, nullable, whole } from "../schema/schema.ts";
import { emptyBody, limit, whyBody } from "./parameters.ts";
import { route, type Route } from "./route.ts";
import { pageLimit } from "./scoped-task.ts";

const ok = { description: "Done.", schema: anyObject };

const listKinds = route({
  method: "GET",
  path: "/v1/kinds",
  right: "read",
  scope: "store",
  summary: "Every kind the store has heard of, and those that nobody serves.",
  answer: {
    description: "By name.",
    schema: listOf("kinds", ref("Kind"), { unserved: arrayOf(anyObject) }),
  },
  async handle({ api }) {
    const [kinds, unserved] = await Promise.all([api.client.listKinds(), api.client.listUnservedKinds()]);
    return { value: { kinds, unserved } };
  },
});

const pauseKind = route({
  method: "POST",
  path: "/v1/kinds/:kind/pause",
  right: "pause",
  scope: "store",
  summary: "Keeps hosts from taking tasks of a kind.",
  bodySchema: whyBody,
  answer: ok,
  async handle({ api, access, path, body, note }) {
    note({ target: { type: "kind", id: path.kind }, why: body?.why ?? null });
    await api.client.pause({ kind: path.kind }, { ...body, by: access.user });
    return { value: { kind: path.kind, paused: true } };
  },
});

const resumeKind = route({
  method: "POST",
  path: "/v1/kinds/:kind/resume",
  right: "resume",
  scope: "store",
  summary: "Lets hosts take tasks of a kind again.",
  bodySchema: emptyBody,
  answer: ok,
  async handle({ api, path, note }) {
    note({ target: { type: "kind", id: path.kind } });
    await api.client.resume({ kind: path.kind });
    return { value: { kind: path.kind, paused: false } };
  },
});

const listHosts = route({
  method: "GET",
  path: "/v1/hosts",
  right: "read",
  scope: "store",
  summary: "Hosts heard of in the last 24 hours.",
  answer: {
    description: "Newest first; `now` is this process's clock.",
    schema: listOf("hosts", ref("Host"), { now: number }),
  },
  handle: async ({ api }) => ({ value: { hosts: await api.client.listHosts(), now: api.clock.now() } }),
});

const drainHost = route({
  method: "POST",
  path: "/v1/hosts/:hostId/drain",
  right: "drain",
  scope: "store",
  summary: "Asks a host to take no more tasks, or to go on.",
  bodySchema: object({ drain: described(flag, "False: it may take tasks again.") }),
  answer: ok,
  async handle({ api, path, body, note }) {
    note({ target: { type: "host", id: path.hostId } });
    if (!(await api.client.drain(path.hostId, body.drain))) {
      throw new TaskError("HOST_UNKNOWN", `There is no host ${path.hostId}.`, { details: { path: "path.hostId" } });
    }
    return { value: { hostId: path.hostId, drain: body.drain } };
  },
});

const listLimits = route({
  method: "GET",
  path: "/v1/limits",
  right: "read",
  scope: "store",
  summary: "Limits and rates in force, with what holds them.",
  querySchema: object({ limit }),
  answer: { description: "The store's, the kinds', then keys.", schema: listOf("limits", ref("Limit")) },
  handle: async (call) => ({
    value: { limits: await call.api.client.listLimits(pageLimit(call, call.query.limit, 100)) },
  }),
});

const limitKind = route({
  method: "POST",
  path: "/v1/kinds/:kind/limit",
  right: "set-limit",
  scope: "store",
  summary: "Sets how many tasks of a kind may run at once over all hosts, above what its code says.",
  bodySchema: object({
    limit: described(nullable(whole({ min: 1, max: 1_000_000_000 })), "Null takes it back: what code says holds."),
  }),
  answer: ok,
  async handle({ api: { client }, access, path: { kind }, body: { limit: asked }, note }) {
    note({ target: { type: "kind", id: kind } });
    const record = (await client.listKinds()).find((one) => one.kind === kind);
    await client.setLimit({ type: "kind", kind }, asked, { by: access.user });
    note({ before: `limit ${record?.limit ?? "none"}`, after: `limit ${asked ?? record?.limitFromCode ?? "none"}` });
    return { value: { kind, limit: asked } };
  },
});

const readStorage = route({
  method: "GET",
  path: "/v1/storage",
  right: "read",
  scope: "store",
  summary: "What tasks are kept in, and what to do about it.",
  answer: {
    description: "Null is not told.",
    schema: fields({ storage: ref("Storage"), findings: { type: ["array", "null"], items: anyObject } }),
  },
  async handle({ api: { client } }) {
    const [storage, health] = await Promise.all([orNull(client.readStorage()), orNull(client.readHealth())]);
    return { value: { storage, findings: health?.findings ?? null } };
  },
});

const doctor = route({
  method: "GET",
  path: "/v1/doctor",
  right: "read",
  scope: "store",
  summary: "Looks closely at everything that tasks need to run, when it is asked.",
  answer: {
    description: "Each with `name`, `verdict`, `message` and `fix`; the worst first.",
    schema: listOf("checks", anyObject, { at: number }),
  },
  handle: async ({ api }) => ({ value: await api.doctor.examine() }),
});

/** Routes about kinds, hosts, limits and storage: they belong to the whole store. */
export const fleetRoutes: readonly Route[] = [
  listKinds,
  pauseKind,
  resumeKind,
  limitKind,
  listHosts,
  drainHost,
  listLimits,
  readStorage,
  doctor,
];

import {
  parseBackoff,
  TaskError,
  type AnyTaskDefinition,
  type HandlerRef,
  type KindRegistration,
  type Logger,
  type TaskExecutor,
} from "@millrace/models";
import { checkMetadata } from "../client/check-labels.ts";
import { checkRunOptions } from "../client/check-enqueue-options.ts";
import { checkKind } from "../client/kind-name.ts";
import type { KindLookup, KnownKind } from "../client/known-kind.ts";
import { checkInteger, checkIntegerOrNull, checkWord } from "../client/option-check.ts";

/** A kind that this host runs, as it was registered; a later registration makes another one. */
export interface ServedKind {
  readonly kind: string;
  readonly known: KnownKind;
  readonly handler: HandlerRef;
  readonly executor: TaskExecutor;
  /** How many tasks one run takes at most. */
  readonly batchSize: number;
}

/** The kinds a host serves. */
export interface KindRegistry extends KindLookup {
  /** Adds or replaces. @throws `HANDLER_MISSING`, `HANDLER_REFUSED`, `KIND_INVALID`, `OPTION_INVALID` */
  add(known: KnownKind, options?: { readonly mayBeReserved?: boolean }): ServedKind;
  remove(kind: string): boolean;
  served(kind: string): ServedKind | null;
  list(): readonly ServedKind[];
}

/** Makes a registry over executors: the first that does not refuse a handler runs it. */
export function createKindRegistry(executors: readonly TaskExecutor[]): KindRegistry {
  const kinds = new Map<string, ServedKind>();
  return {
    add(known, options = {}) {
      const served = servedKind(known, executors, options.mayBeReserved === true);
      kinds.set(served.kind, served);
      return served;
    },
    remove: (kind) => kinds.delete(kind),
    find: (kind) => kinds.get(kind)?.known ?? null,
    served: (kind) => kinds.get(kind) ?? null,
    list: () => [...kinds.values()],
  };
}

/** What a host says of a kind when it starts. */
export function registrationOf(known: KnownKind, logger: Logger): KindRegistration {
  return {
    type: "register",
    kind: known.kind,
    version: known.version ?? 1,
    inputSchema: jsonSchemaOf(known, logger),
    limit: known.concurrency?.limit ?? null,
    rate: known.rate ?? null,
    fairness: known.fairness ?? "none",
  };
}

/** Checks a kind's options. @throws `KIND_INVALID` or `OPTION_INVALID` with `details.path` */
export function checkKindOptions(known: KnownKind, options: { readonly mayBeReserved?: boolean } = {}): void {
  const kind = checkKind(known.kind, options);
  const path = (name: string): string => `kind "${kind}".${name}`;
  checkRunOptions(`kind "${kind}"`, {
    ...(known.timeoutMs === undefined ? {} : { timeoutMs: known.timeoutMs }),
    ...(known.watchdogMs === undefined ? {} : { watchdogMs: known.watchdogMs }),
    ...(known.retainForMs === undefined ? {} : { retainForMs: known.retainForMs }),
    ...(known.retry?.maxAttempts === undefined ? {} : { maxAttempts: known.retry.maxAttempts }),
  });
  const backoff = known.retry?.backoff;
  if (backoff !== undefined && typeof backoff !== "function") parseBackoff(backoff, path("retry.backoff"));
  checkKindNumbers(known, path);
  if (known.fairness !== undefined) checkWord(path("fairness"), known.fairness, ["none", "key"] as const);
  if (known.afterCrash !== undefined) checkWord(path("afterCrash"), known.afterCrash, ["retry", "fail"] as const);
  if (known.oversizeOutput !== undefined) {
    checkWord(path("oversizeOutput"), known.oversizeOutput, ["fail", "drop"] as const);
  }
  if (known.metadata !== undefined) checkMetadata(known.metadata, path("metadata"));
}

function checkKindNumbers(known: KnownKind, path: (name: string) => string): void {
  const { version, priority, concurrency, rate, maxInterruptions, maxPayloadBytes } = known;
  if (version !== undefined) checkInteger(path("version"), version, { min: 1, max: 2_147_483_647 });
  if (priority !== undefined) checkInteger(path("priority"), priority, { min: -32_768, max: 32_767 });
  if (concurrency !== undefined) checkInteger(path("concurrency.limit"), concurrency.limit, { min: 1, max: 1_000_000 });
  if (rate !== undefined) {
    checkInteger(path("rate.count"), rate.count, { min: 1 });
    checkInteger(path("rate.perMs"), rate.perMs, { min: 1 });
    if (rate.burst !== undefined) checkInteger(path("rate.burst"), rate.burst, { min: 1 });
  }
  if (maxInterruptions !== undefined) checkIntegerOrNull(path("maxInterruptions"), maxInterruptions, { min: 1 });
  if (maxPayloadBytes !== undefined) checkInteger(path("maxPayloadBytes"), maxPayloadBytes, { min: 1 });
  const batch = "batch" in known ? known.batch : undefined;
  if (batch !== undefined) checkInteger(path("batch.maxSize"), batch.maxSize, { min: 1, max: 1_000 });
}

function servedKind(known: KnownKind, executors: readonly TaskExecutor[], mayBeReserved: boolean): ServedKind {
  checkKindOptions(known, { mayBeReserved });
  const refs = handlerRefs(known);
  if (refs.length === 0) {
    throw new TaskError("HANDLER_MISSING", `The kind "${known.kind}" has neither a run function nor an entrypoint.`, {
      details: { kind: known.kind },
    });
  }
  const refusals: string[] = [];
  for (const executor of executors) {
    for (const handler of refs) {
      const refusal = executor.refuses(handler);
      if (refusal === null) return { kind: known.kind, known, handler, executor, batchSize: batchSizeOf(known) };
      refusals.push(`${executor.name}: ${refusal}`);
    }
  }
  throw new TaskError("HANDLER_REFUSED", `No executor can run the kind "${known.kind}": ${refusals.join("; ")}.`, {
    details: { kind: known.kind, refusals },
  });
}

/** The forms in which the code of a kind was given. */
function handlerRefs(known: KnownKind): readonly HandlerRef[] {
  const definition = known as AnyTaskDefinition;
  const { kind, run, runBatch, entrypoint } = definition;
  const refs: HandlerRef[] = [];
  if (run !== undefined || runBatch !== undefined) {
    refs.push({ type: "function", kind, ...(run ? { run } : {}), ...(runBatch ? { runBatch } : {}) });
  }
  if (entrypoint !== undefined) refs.push({ type: "module", kind, entrypoint });
  return refs;
}

function batchSizeOf(known: KnownKind): number {
  const definition = known as AnyTaskDefinition;
  if (definition.batch) return definition.batch.maxSize;
  // A batch handler without a size still gets its list: of one.
  return 1;
}

/** The input schema as JSON Schema, where the schema's library can say so; forms are built of it. */
function jsonSchemaOf(known: KnownKind, logger: Logger): string | null {
  const describe = "input" in known ? known.input?.["~standard"].jsonSchema?.input : undefined;
  if (!describe) return null;
  try {
    const schema = describe({ target: "draft-2020-12" });
    return schema === undefined ? null : JSON.stringify(schema);
  } catch (error) {
    logger.debug(`The input schema of "${known.kind}" has no JSON Schema form.`, { error: String(error) });
    return null;
  }
}

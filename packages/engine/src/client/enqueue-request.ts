import {
  TaskError,
  toJsonText,
  type EnqueueOptions,
  type EnqueueRequest,
  type ParseIssue,
  type TaskId,
  type TaskOrigin,
} from "@millrace/models";
import { checkEnqueueOptions, concurrencyKeysOf, dependenciesOf, parseTime } from "./check-enqueue-options.ts";
import {
  checkChannels,
  checkContext,
  checkLogContext,
  checkMetadata,
  checkTags,
  checkTraceParent,
} from "./check-labels.ts";
import { checkKind } from "./kind-name.ts";
import { issueText, parseInput, type KindLookup, type KnownKind } from "./known-kind.ts";
import { andThen, type MaybeAsync } from "./maybe-async.ts";
import { checkText, hasControl } from "./option-check.ts";
import { fits, type ValueCodec } from "./value-codec.ts";

/** UTF-8 bytes of an input or output, before any codec. */
export const defaultMaxPayloadBytes = 262_144;
const maxSummaryLength = 200;
const defaultMaxInterruptions = 3;

/** One task as a caller asks for it. */
export interface EnqueueAsk {
  readonly kind: string;
  /** The definition the caller passed; else the kind is looked up. */
  readonly definition?: KnownKind;
  readonly input: unknown;
  readonly options: EnqueueOptions;
  /** What a task made by another inherits where it says nothing itself. */
  readonly parent?: ParentTask;
}

/** The part of a parent that its children inherit. */
export interface ParentTask {
  readonly parentId: TaskId | null;
  readonly rootId: TaskId | null;
  readonly flowId: string | null;
  readonly tenantId: string;
  readonly priority: number;
  readonly context: Readonly<Record<string, string>>;
  readonly logContext: Readonly<Record<string, string>>;
  readonly traceParent: string | null;
  readonly origin: TaskOrigin;
}

/** What a client or host knows, and its own defaults. */
export interface EnqueuePlanning extends KindLookup {
  readonly values: ValueCodec;
  readonly maxPayloadBytes: number;
  readonly allowUnknownKinds: boolean;
  makeId(): TaskId;
}

/**
 * Makes of what a caller asks the whole task a store is to keep: options checked, input written, judged by its schema and encoded,
 * defaults filled in the order task, kind, parent. What is kept is what was sent; the schema's conversions and defaults are applied
 * where the task runs, by the code that runs it. Pure but for the id; synchronous unless schema or codec are not.
 *
 * @throws `OPTION_INVALID`, `METADATA_INVALID`, `KIND_INVALID`, `TASK_ID_INVALID`, `INPUT_INVALID`,
 * `INPUT_NOT_SERIALISABLE`, `INPUT_TOO_LARGE`
 */
export function planEnqueue(ask: EnqueueAsk, planning: EnqueuePlanning): MaybeAsync<EnqueueRequest> {
  checkKind(ask.kind, { mayBeReserved: ask.options.origin?.type === "bulk" });
  checkEnqueueOptions(ask.options);
  const known = ask.definition ?? planning.find(ask.kind);
  const id = ask.options.id ?? planning.makeId();
  const tenantId = ask.options.tenantId ?? ask.parent?.tenantId ?? "";
  const text = inputText(ask.input, ask.kind, known?.maxPayloadBytes ?? planning.maxPayloadBytes);
  // What is judged is what the handler's host will judge again: the value as it comes out of the store.
  const kept: unknown = text === null ? undefined : known && "input" in known ? JSON.parse(text) : ask.input;
  return andThen(parseInput(known, kept), (answer) => {
    if (answer.status === "refused") throw inputInvalid(ask.kind, answer.issues);
    const labels = labelsOf(ask, answer.value, known);
    const encoded = text === null ? null : planning.values.encode(text, { taskId: id, tenantId, field: "input" });
    return andThen(encoded, (input) => requestOf(ask, { planning, known }, { id, tenantId, input, labels }));
  });
}

function inputInvalid(kind: string, issues: readonly ParseIssue[]): TaskError {
  const found = `${issues.length} problem${issues.length === 1 ? "" : "s"} in its input`;
  return new TaskError("INPUT_INVALID", `"${kind}" was not enqueued: ${found}: ${issueText("input", issues)}`, {
    details: { issues },
  });
}

/** The text of a value; null when it is absent. @throws `INPUT_NOT_SERIALISABLE` or `INPUT_TOO_LARGE` */
function inputText(value: unknown, kind: string, maxBytes: number): string | null {
  if (value === undefined) return null;
  const answer = toJsonText(value, { path: "input" });
  if ("problem" in answer) {
    const { path, why } = answer.problem;
    throw new TaskError("INPUT_NOT_SERIALISABLE", `The input of "${kind}" cannot be written as JSON: ${path} ${why}.`, {
      details: { path },
    });
  }
  if (fits(answer.text, maxBytes)) return answer.text;
  throw new TaskError("INPUT_TOO_LARGE", `The input of "${kind}" is larger than ${maxBytes} bytes as JSON.`, {
    details: { path: "input", maxBytes },
  });
}

/** What is known of a task before the rest of its request is written. */
interface RequestStart extends Pick<EnqueueRequest, "id" | "tenantId" | "input"> {
  readonly labels: Pick<EnqueueRequest, "summary" | "tags">;
}

/** The whole request, written in one piece: it is made for every task. */
function requestOf(
  { kind, options, parent }: EnqueueAsk,
  { planning, known }: { readonly planning: EnqueuePlanning; readonly known: KnownKind | null },
  start: RequestStart,
): EnqueueRequest {
  return {
    id: start.id,
    tenantId: start.tenantId,
    kind,
    kindVersion: known?.version ?? 1,
    priority: options.priority ?? known?.priority ?? parent?.priority ?? 0,
    scheduledAt: parseTime("options.scheduledAt", options.scheduledAt),
    delayMs: options.delayMs ?? 0,
    expiresAt: parseTime("options.expiresAt", options.expiresAt),
    expiresInMs: options.expiresInMs ?? null,
    input: start.input,
    state: null,
    metadata: options.metadata === undefined ? (known?.metadata ?? nothing) : checkMetadata(options.metadata),
    context: merged(parent?.context, options.context && checkContext(options.context)),
    logContext: merged(parent?.logContext, options.logContext && checkLogContext(options.logContext)),
    traceParent: checkTraceParent(options.traceParent) ?? parent?.traceParent ?? null,
    summary: start.labels.summary,
    tags: start.labels.tags,
    channels: options.channels ? checkChannels(options.channels) : noTexts,
    origin: options.origin ?? parent?.origin ?? client,
    rootId: parent?.rootId ?? null,
    parentId: parent?.parentId ?? null,
    flowId: options.flowId ?? parent?.flowId ?? null,
    dedupeKey: options.dedupeKey ?? null,
    dedupePolicy: options.dedupePolicy ?? "reuse",
    dedupeForMs: options.throttleMs ?? options.dedupeForMs ?? null,
    debounceMs: options.debounceMs ?? null,
    supersedeKey: options.supersedeKey ?? null,
    supersedeExisting: options.supersedeExisting ?? false,
    concurrencyKeys: concurrencyKeysOf(options),
    retry: retryOf(options),
    // Null leaves it to the kind as it is when the task runs, so that a new release can change it.
    timeoutMs: options.timeoutMs ?? null,
    watchdogMs: options.watchdogMs ?? known?.watchdogMs ?? null,
    retainForMs: options.retainForMs ?? known?.retainForMs ?? null,
    maxInterruptions: known?.maxInterruptions === undefined ? defaultMaxInterruptions : known.maxInterruptions,
    afterCrash: known?.afterCrash ?? "retry",
    dependencies: dependenciesOf(options),
    waitTimeoutMs: options.waitTimeoutMs ?? null,
    mustKnowKind: known === null && !(options.allowUnknownKinds ?? planning.allowUnknownKinds),
  };
}

// Shared by all tasks of which nothing was said; frozen, since a store may keep them as they are.
const nothing: Readonly<Record<string, never>> = Object.freeze({});
const noTexts: readonly string[] = Object.freeze([]);
const client: TaskOrigin = Object.freeze({ type: "client", id: null });

function merged(
  inherited: Readonly<Record<string, string>> | undefined,
  said: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> {
  return inherited === undefined && said === undefined ? nothing : { ...inherited, ...said };
}

function retryOf({ maxAttempts, backoff }: EnqueueOptions): EnqueueRequest["retry"] {
  if (maxAttempts === undefined && backoff === undefined) return nothing;
  return { ...(maxAttempts === undefined ? {} : { maxAttempts }), ...(backoff === undefined ? {} : { backoff }) };
}

/** What people find a task by: given, or computed from the parsed input. */
function labelsOf(
  { options }: EnqueueAsk,
  input: unknown,
  known: KnownKind | null,
): Pick<EnqueueRequest, "summary" | "tags"> {
  const found = known?.searchable?.flatMap((path) => tagsAt(path, input)) ?? noTexts;
  const given = options.tags ?? noTexts;
  const tags = given.length === 0 && found.length === 0 ? noTexts : checkTags([...given, ...found]);
  if (options.summary === undefined) return { summary: known ? computedSummary(known, input) : null, tags };
  return { summary: checkText("options.summary", options.summary, { maxLength: maxSummaryLength }), tags };
}

/** A summary is for people's eyes: one that throws or says too much must not stop a task. */
function computedSummary(known: KnownKind, input: unknown): string | null {
  const summarise = "summary" in known ? known.summary : undefined;
  if (!summarise) return null;
  try {
    const text: unknown = summarise(input as never);
    if (typeof text !== "string" || text === "") return null;
    const line = text.toWellFormed().replaceAll(/\s+/g, " ").trim();
    return line.length <= maxSummaryLength ? line : `${line.slice(0, maxSummaryLength - 1).toWellFormed()}…`;
  } catch {
    return null;
  }
}

/** `path:value` for each text, number or boolean found at a dotted path; lists give one tag an item. */
function tagsAt(path: string, input: unknown): readonly string[] {
  let at: unknown = input;
  for (const part of path.split(".")) {
    at = typeof at === "object" && at !== null && Object.hasOwn(at, part) ? Reflect.get(at, part) : undefined;
  }
  const values = Array.isArray(at) ? (at as readonly unknown[]) : [at];
  return values.flatMap((value) => {
    const isPlain = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
    const tag = isPlain ? `${path}:${String(value)}`.replaceAll(/\s+/g, " ") : "";
    return tag !== "" && tag.length <= 200 && !hasControl(tag) ? [tag] : [];
  });
}

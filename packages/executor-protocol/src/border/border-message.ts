import type {
  LogLine,
  RunAnswer,
  RunQuestion,
  RunReport,
  TaskAbortReason,
  TaskFailure,
  TaskOutcome,
  TaskRun,
} from "@millrace/models";

/** Raised when a message changes its meaning; two sides of different versions do not talk. */
const borderVersion = 1;

/** A run without its handler: both sides name that once for all runs of a call. */
export type BorderRun = Omit<TaskRun, "handler">;

/** What the host's side says. */
export type HostMessage =
  | {
      readonly type: "run";
      readonly call: number;
      readonly module: string;
      readonly export: string | null;
      readonly runs: readonly BorderRun[];
      /** Why a run had been aborted before it was sent; by position, null for the others. */
      readonly aborted: readonly (TaskAbortReason | null)[];
    }
  | { readonly type: "abort"; readonly call: number; readonly i: number; readonly reason: TaskAbortReason }
  | { readonly type: "held"; readonly call: number; readonly id: number; readonly held: boolean }
  | { readonly type: "answer"; readonly call: number; readonly id: number; readonly answer: RunAnswer }
  /** End yourself: nothing more will come. */
  | { readonly type: "close" };

/** What the handler's side says. `id` is given back with the answer. */
export type HandlerMessage =
  | { readonly type: "ready" }
  | {
      readonly type: "report";
      readonly call: number;
      readonly i: number;
      readonly id: number;
      readonly report: RunReport;
    }
  | {
      readonly type: "ask";
      readonly call: number;
      readonly i: number;
      readonly id: number;
      readonly question: RunQuestion;
    }
  | {
      readonly type: "log";
      readonly call: number;
      readonly lines: readonly { readonly i: number; readonly line: LogLine }[];
    }
  | { readonly type: "outcomes"; readonly call: number; readonly outcomes: readonly TaskOutcome[] }
  /** An error nobody caught belongs to this call; its place of work will not go on. */
  | { readonly type: "fatal"; readonly call: number; readonly failure: TaskFailure }
  /** An error nobody caught is left over from an earlier call: take no more work there. */
  | { readonly type: "stray"; readonly failure: TaskFailure };

/** What stands on every message, so that what handlers send by themselves is not taken for ours. */
interface Envelope {
  readonly millrace: number;
}

/** Puts a message into its envelope. */
export function enveloped<Message extends HostMessage | HandlerMessage>(message: Message): Message & Envelope {
  return { ...message, millrace: borderVersion };
}

/** A message of the host's side; null for anything else. */
export function hostMessage(value: unknown): HostMessage | null {
  return isOurs(value) && hostTypes.has(value.type) ? (value as unknown as HostMessage) : null;
}

/** A message of the handler's side; null for anything else, also for ours with a shape that cannot be. */
export function handlerMessage(value: unknown): HandlerMessage | null {
  if (!isOurs(value)) return null;
  const message = value as unknown as HandlerMessage;
  switch (message.type) {
    case "ready":
      return message;
    case "report":
      return isNumbered(message) && isObject(message.report) ? message : null;
    case "ask":
      return isNumbered(message) && isObject(message.question) ? message : null;
    case "log":
      return Array.isArray(message.lines) && message.lines.every(isLine) ? message : null;
    case "outcomes":
      return Array.isArray(message.outcomes) && message.outcomes.every(isOutcome) ? message : null;
    case "fatal":
    case "stray":
      return isObject(message.failure) ? message : null;
    default:
      return null;
  }
}

const hostTypes: ReadonlySet<string> = new Set(["run", "abort", "held", "answer", "close"]);

const outcomeTypes: ReadonlySet<unknown> = new Set([
  "succeeded",
  "failed",
  "snoozed",
  "aborted",
  "suspended",
  "crashed",
  "completed-in-tx",
]);

function isOurs(value: unknown): value is Envelope & { readonly type: string } {
  return (
    isObject(value) &&
    Reflect.get(value, "millrace") === borderVersion &&
    typeof Reflect.get(value, "type") === "string"
  );
}

function isNumbered(message: { readonly i: unknown; readonly id: unknown }): boolean {
  return Number.isInteger(message.i) && Number.isInteger(message.id);
}

function isLine(entry: unknown): boolean {
  return isObject(entry) && Number.isInteger(Reflect.get(entry, "i")) && isObject(Reflect.get(entry, "line"));
}

function isOutcome(outcome: unknown): boolean {
  return isObject(outcome) && outcomeTypes.has(Reflect.get(outcome, "type"));
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

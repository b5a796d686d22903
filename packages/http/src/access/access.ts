import { TaskError, type Logger } from "@millrace/models";
import { readingRights, taskRights, type TaskRight } from "./task-right.ts";

/** A question to `authorize`. */
export interface TaskHttpAsk {
  readonly right: TaskRight;
  /** The parts of the path, unchecked: `{ taskId }`, `{ kind }`, `{ hostId }`. */
  readonly path: Readonly<Record<string, string>>;
}

/** Who asks, and what they may. */
export interface TaskHttpGrant {
  /** Stands in the audit and beside what is changed; 1 to 200 characters. */
  readonly user: string;
  readonly can: Iterable<TaskRight> | "everything";
  /** Every query is kept to this tenant, in the store; what belongs to the whole store is refused. @defaultValue all tenants */
  readonly tenantId?: string;
  /** When a live view is to ask again, in epoch ms by this process's clock: the end of a token. @defaultValue never */
  readonly expiresAt?: number;
}

/** Answers who asks; null is nobody. Asked for every request, before anything of it is read. A throw is a refusal. */
export type TaskHttpAuthorize = (
  request: Request,
  ask: TaskHttpAsk,
) => TaskHttpGrant | null | Promise<TaskHttpGrant | null>;

/** The word that makes a handler which asks nobody. */
export const behindAProxy = "none-i-am-behind-a-proxy";

/** Somebody who was let in. */
export interface Access {
  readonly user: string;
  readonly rights: ReadonlySet<TaskRight>;
  readonly tenantId: string | null;
  readonly expiresAt: number | null;
}

/** What access is resolved with. */
export interface AccessPorts {
  readonly authorize: TaskHttpAuthorize | typeof behindAProxy;
  readonly readOnly: boolean;
  readonly logger: Logger;
}

/** Who asks, and what they may here. @throws `REQUEST_UNAUTHENTICATED` */
export async function resolveAccess(ports: AccessPorts, request: Request, ask: TaskHttpAsk): Promise<Access> {
  const { authorize, readOnly, logger } = ports;
  if (authorize === behindAProxy) {
    return { user: "anonymous", rights: narrowed(taskRights, readOnly), tenantId: null, expiresAt: null };
  }
  const grant = await asked(authorize, request, ask).catch((error: unknown) => {
    // Who cannot be asked has not said yes; whoever asks learns no more than that.
    logger.error("authorize failed; the request is refused.", { right: ask.right, error: String(error) });
    return null;
  });
  const can = grant === null ? null : rightsOf(grant);
  if (grant === null || can === null || !isUser(grant.user) || !isTenant(grant.tenantId)) {
    if (grant !== null) logger.error("authorize answered something that is no grant; the request is refused.");
    throw new TaskError("REQUEST_UNAUTHENTICATED", "Nobody knows who asks.");
  }
  const { user, tenantId = null, expiresAt = null } = grant;
  return { user, rights: narrowed(can, readOnly), tenantId, expiresAt };
}

/** @throws `REQUEST_FORBIDDEN` or `REQUEST_READ_ONLY` */
export function checkRight(access: Access, right: TaskRight, readOnly: boolean): void {
  if (readOnly && !readingRights.has(right)) {
    throw new TaskError("REQUEST_READ_ONLY", `This handler only reads; "${right}" changes something.`);
  }
  if (!access.rights.has(right)) {
    throw new TaskError("REQUEST_FORBIDDEN", `This needs the right "${right}".`, { details: { right } });
  }
}

async function asked(authorize: TaskHttpAuthorize, request: Request, ask: TaskHttpAsk): Promise<TaskHttpGrant | null> {
  const grant: unknown = await authorize(request, ask);
  return typeof grant === "object" && grant !== null ? (grant as TaskHttpGrant) : null;
}

/** Null when there is a word among them that is no right: a misspelt one must not pass for none. */
function rightsOf({ can }: TaskHttpGrant): readonly TaskRight[] | null {
  if (can === "everything") return taskRights;
  if (typeof can !== "object" || can === null || !(Symbol.iterator in can)) return null;
  const rights = [...can];
  return rights.every((right) => taskRights.includes(right)) ? rights : null;
}

function narrowed(rights: readonly TaskRight[], readOnly: boolean): ReadonlySet<TaskRight> {
  return new Set(readOnly ? rights.filter((right) => readingRights.has(right)) : rights);
}

function isUser(user: unknown): boolean {
  return typeof user === "string" && user.length >= 1 && user.length <= 200;
}

function isTenant(tenantId: unknown): boolean {
  return tenantId === undefined || (typeof tenantId === "string" && tenantId.length <= 200);
}

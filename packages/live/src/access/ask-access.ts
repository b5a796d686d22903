import {
  isTaskError,
  parseTaskFilter,
  TaskError,
  type Clock,
  type EpochMs,
  type Logger,
  type ResolvedTaskSubscription,
  type TaskFilter,
} from "@millrace/models";
import { narrowFilter } from "./narrow-filter.ts";

/** A question to `authorize`. */
export interface TaskLiveAsk<Principal = unknown> {
  /** `resume`: a reader comes back with a cursor. `expiry`: what was granted before has run out. */
  readonly why: "bootstrap" | "subscribe" | "resume" | "expiry";
  /** Who asks: what was handed to `subscribe`, or the socket or request of a bridge. */
  readonly principal: Principal;
  /** What it asks for; checked, but free to name any tenant. */
  readonly filter: TaskFilter;
}

/** What a reader may see, and for how long. */
export interface TaskLiveGrant {
  /**
   * Every query of the reader is kept to this, in the store. In a store of many tenants it names the reader's tenant.
   * @defaultValue everything
   */
  readonly scope?: TaskFilter;
  /** When to ask again, by this process's clock: the end of a token. @defaultValue never */
  readonly expiresAt?: EpochMs;
}

/** Answers who may see what; null, or a throw, is a refusal. */
export type TaskLiveAuthorize<Principal = unknown> = (
  ask: TaskLiveAsk<Principal>,
) => TaskLiveGrant | null | Promise<TaskLiveGrant | null>;

/** What a reader was granted. */
export interface Access {
  /** What it asked for, kept to its scope. */
  readonly filter: TaskFilter;
  readonly expiresAt: EpochMs | null;
}

/** Asks for access. */
export type AskAccess = (why: TaskLiveAsk["why"]) => Promise<Access>;

/** Who asks what of whom. */
export interface AccessParts<Principal> {
  readonly authorize: TaskLiveAuthorize<Principal> | null;
  readonly principal: Principal;
  readonly query: ResolvedTaskSubscription;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Makes the question of one reader. What it answers rejects with `ACCESS_REFUSED`. */
export function accessOf<Principal>(parts: AccessParts<Principal>): AskAccess {
  const { authorize, principal, clock, logger } = parts;
  const { filter } = parts.query;
  return async (why) => {
    if (authorize === null) return { filter, expiresAt: null };
    try {
      const grant = await authorize({ why, principal, filter });
      if (grant === null || typeof grant !== "object") throw refused();
      const scope = parseTaskFilter(grant.scope ?? {});
      return { filter: narrowFilter(filter, scope), expiresAt: expiryOf(grant, clock.now()) };
    } catch (error) {
      if (isTaskError(error, "ACCESS_REFUSED")) throw error;
      // Who cannot be asked has not said yes. The reader learns no more than that.
      logger.error("authorize of a live view failed; its reader is refused.", { why, error });
      throw refused();
    }
  };
}

function expiryOf({ expiresAt }: TaskLiveGrant, now: EpochMs): EpochMs | null {
  if (expiresAt === undefined) return null;
  if (Number.isSafeInteger(expiresAt) && expiresAt > now) return expiresAt;
  throw refused();
}

function refused(): TaskError {
  return new TaskError("ACCESS_REFUSED", "The reader may not see these tasks.");
}

import type { Access } from "./access.ts";
import type { TaskRight } from "./task-right.ts";

/** What somebody may do to something now, and why not the rest: a page shows its buttons by it. */
export interface Capabilities<Action extends TaskRight> {
  readonly can: readonly Action[];
  readonly cannot: Readonly<Partial<Record<Action, string>>>;
}

/** Judges every action: by rights first, then by what stands in its way (`obstacle`; null = nothing). Pure. */
export function judgeActions<Action extends TaskRight>(
  actions: readonly Action[],
  { rights }: Pick<Access, "rights">,
  obstacle: (action: Action) => string | null,
): Capabilities<Action> {
  const reasons = actions.map((action) => {
    return [action, rights.has(action) ? obstacle(action) : `You lack the right "${action}".`] as const;
  });
  return {
    can: reasons.flatMap(([action, why]) => (why === null ? [action] : [])),
    cannot: Object.fromEntries(reasons.filter(([, why]) => why !== null)) as Capabilities<Action>["cannot"],
  };
}

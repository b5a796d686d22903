import type { ReactElement } from "react";
import { atLeastText, exactText } from "../format/numbers.ts";
import { onlyValue, withOnly } from "../query/query-text.ts";
import { hrefOf } from "../routes/route.ts";
import { Glyph } from "../state/glyph.tsx";
import { countedStates, stateWords } from "../state/state-words.ts";
import { useAggregate } from "./use-task-page.ts";

const always: ReadonlySet<string> = new Set(["queued", "running", "failed", "succeeded"]);

/** How many stand where, each a link to them. */
export function StateCounts({ q }: { readonly q: string }): ReactElement {
  const base = withOnly(q, "state", null);
  const { counts } = useAggregate(base);
  const chosen = onlyValue(q, "state");
  const shown = countedStates.filter(
    (state) => always.has(state) || state === chosen || (counts?.byState[state]?.count ?? 0) > 0,
  );
  const link = (isChosen: boolean): string =>
    `flex min-h-8 items-center gap-1.5 rounded-control px-2 whitespace-nowrap hover:bg-surface-2 hover:no-underline ${isChosen ? "bg-surface-3 font-medium text-text" : "text-text-2"}`;
  return (
    <nav aria-label="States" className="scroll-x -mx-1 flex items-center gap-0.5 px-1 pb-1">
      <a href={hrefOf({ page: "tasks", q: base })} className={link(chosen === null)} {...current(chosen === null)}>
        All <Count of={counts?.total} />
      </a>
      {shown.map((state) => {
        const { word, tone, glyph } = stateWords[state];
        return (
          <a
            key={state}
            href={hrefOf({ page: "tasks", q: withOnly(q, "state", state) })}
            className={link(chosen === state)}
            {...current(chosen === state)}
          >
            <Glyph name={glyph} tone={tone} size={13} />
            {word} <Count of={counts?.byState[state]} />
          </a>
        );
      })}
    </nav>
  );
}

function current(isCurrent: boolean): { readonly "aria-current"?: "true" } {
  return isCurrent ? { "aria-current": "true" } : {};
}

function Count({ of }: { readonly of: { readonly count: number; readonly exact: boolean } | undefined }): ReactElement {
  return (
    <span className="min-w-4 text-text-3" title={of ? exactText(of.count) : undefined}>
      {of ? atLeastText(of) : "·"}
    </span>
  );
}

import type { OutdatedCounts, TaskRetentionPolicy } from "@millrace/models";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";
import type { Retention, Storage } from "../api/answers.ts";
import { read, type ApiProblem, type Asking } from "../api/request.ts";
import { useOverview } from "../api/use-overview.ts";
import { Ago } from "../controls/moment.tsx";
import { ProblemNote } from "../controls/notes.tsx";
import { Fact } from "./panel.tsx";
import { daysOf, policyText, previewQuery, previewText, rules } from "./retention-words.ts";
import { StorePanel, useStoreAnswer } from "./store-panel.tsx";

/** What is removed, and what another policy would remove now. */
export function RetentionPanel(): ReactElement {
  return (
    <StorePanel<Retention> title="Retention" path="retention">
      {({ retention }) => retention && <Sweeps {...retention} />}
    </StorePanel>
  );
}

function Sweeps({ lastSweep }: NonNullable<Retention["retention"]>): ReactElement {
  return (
    <>
      {lastSweep ? (
        <>
          <Fact name="Kept">{policyText(lastSweep.policy)}</Fact>
          <Fact name="Last sweep">
            <Ago at={lastSweep.at} />
          </Fact>
        </>
      ) : (
        <p>
          Nothing is removed: no host runs retention. Give one a <span className="mono">retentionPolicy</span>.
        </p>
      )}
      <WhatIf policy={lastSweep?.policy ?? {}} />
    </>
  );
}

function WhatIf({ policy }: { readonly policy: TaskRetentionPolicy }): ReactElement {
  const all = useOverview("1h").data?.counts.total;
  const sizeBytes = useStoreAnswer<Storage>("storage").data?.storage?.sizeBytes ?? null;
  // Whoever presses twice wants to know it anew.
  const [{ turn, query }, ask] = useState<{ readonly turn: number; readonly query: NonNullable<Asking["query"]> }>({
    turn: 0,
    query: {},
  });
  const { data, error } = useQuery<OutdatedCounts, ApiProblem>({
    queryKey: ["what-if", turn],
    queryFn: ({ signal }) => read<OutdatedCounts>("retention/preview", { query, signal }),
    enabled: turn > 0,
    staleTime: Infinity,
    gcTime: 0,
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        ask({ turn: turn + 1, query: previewQuery(policy, new FormData(event.currentTarget)) });
      }}
    >
      <fieldset className="flex flex-wrap items-end gap-3">
        <legend className="pb-1 text-text-2">What if, in days (empty: for ever)</legend>
        {rules.map(([word, name]) => (
          <label key={name} className="flex w-24 flex-col gap-1">
            {word}
            <input
              className="input"
              name={name}
              type="number"
              min="0"
              max="999999"
              step="any"
              defaultValue={daysOf(policy[name])}
            />
          </label>
        ))}
        <button className="button">Preview</button>
      </fieldset>
      {error ? <ProblemNote problem={error} /> : null}
      <p role="status" className="pt-2">
        {data ? previewText(data, all, sizeBytes) : null}
      </p>
    </form>
  );
}

import type { ReactElement } from "react";
import { Loading, ProblemNote } from "../controls/notes.tsx";
import { useOverview } from "../api/use-overview.ts";
import { KindTable } from "./kind-table.tsx";

/** Every kind there is. */
export function KindsPage(): ReactElement {
  const { data, error, refetch } = useOverview("1h");
  return (
    <div className="flex flex-col gap-4">
      <h1 className="sr-only">Kinds</h1>
      {error ? <ProblemNote problem={error} onAgain={() => void refetch()} /> : null}
      {data ? (
        <KindTable kinds={data.kinds} now={data.now} />
      ) : error ? null : (
        <Loading lines={8} label="Kinds are loading" />
      )}
      <p className="text-text-3">A minute, failed and p95 are of the last hour.</p>
    </div>
  );
}

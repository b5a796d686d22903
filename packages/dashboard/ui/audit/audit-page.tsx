import { useState, type ReactElement } from "react";
import type { AuditEntry, AuditPage as Page } from "../api/answers.ts";
import { Columns, type Column } from "../controls/columns.tsx";
import { Clock } from "../controls/moment.tsx";
import { EmptyNote, Loading, ProblemNote } from "../controls/notes.tsx";
import { countText } from "../format/numbers.ts";
import { lineText, shortId } from "../format/texts.ts";
import { absoluteText } from "../format/times.ts";
import { useLiveQuery } from "../live/use-live-query.ts";
import { hrefOf } from "../routes/route.ts";
import { useZone } from "../settings/use-zone.ts";
import { download } from "../task/json-view.tsx";
import { csvOf } from "./csv.ts";

const columns: readonly Column[] = [
  { name: "When", look: "w-32" },
  { name: "Who", look: "w-40 max-sm:w-24" },
  { name: "What", look: "w-32" },
  { name: "To" },
  { name: "Before → after", look: "w-48 max-lg:hidden" },
  { name: "Why", look: "max-md:hidden" },
  { name: "Outcome", look: "w-36 max-md:hidden" },
];

/** Who did what, and who tried. */
export function AuditPage(): ReactElement {
  const [places, setPlaces] = useState<readonly string[]>([]);
  const after = places.at(-1);
  const { data, error, refetch } = useLiveQuery<Page>({
    queryKey: ["audit", after ?? ""],
    path: "audit",
    query: { limit: 100, after },
  });
  const zone = useZone();
  if (error && !data) return <ProblemNote problem={error} onAgain={() => void refetch()} />;
  if (!data) return <Loading lines={8} label="The audit is loading" />;
  const { entries, next, since, durable, refusals } = data;
  return (
    <div className="flex flex-col gap-3">
      <h1 className="sr-only">Audit</h1>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 text-text-2">
        <span>
          {durable ? "Kept since" : "Kept by this process since"} {absoluteText(since, zone)}
          {durable ? "" : ", and gone with it"}
        </span>
        <Refusals refusals={refusals} />
        <button
          type="button"
          className="button ml-auto"
          disabled={entries.length === 0}
          onClick={() => download("audit.csv", csvOf(entries))}
        >
          Export
        </button>
      </div>
      <div className="panel overflow-hidden">
        {entries.length === 0 ? <EmptyNote title="Nobody has changed anything" /> : <Entries entries={entries} />}
      </div>
      {places.length === 0 && next === null ? null : (
        <nav aria-label="Pages of the audit" className="flex justify-end gap-2">
          <button
            type="button"
            className="button"
            disabled={places.length === 0}
            onClick={() => setPlaces((all) => all.slice(0, -1))}
          >
            ← Newer
          </button>
          <button
            type="button"
            className="button"
            disabled={next === null}
            onClick={() => setPlaces((all) => (next === null ? all : [...all, next]))}
          >
            Older →
          </button>
        </nav>
      )}
    </div>
  );
}

function Refusals({ refusals }: { readonly refusals: Page["refusals"] }): ReactElement | null {
  const all = Object.entries(refusals);
  if (all.length === 0) return null;
  return (
    <span className="text-warn">
      Refused: {all.map(([code, { count }]) => `${lineText(code, 60)} ${countText(count)}`).join(", ")}
    </span>
  );
}

function Entries({ entries }: { readonly entries: readonly AuditEntry[] }): ReactElement {
  return (
    <table className="table">
      <Columns of={columns} />
      <tbody>
        {entries.map((entry) => (
          <tr key={`${entry.requestId} ${entry.at} ${entry.target.id}`}>
            <td className="text-text-2">
              <Clock at={Date.parse(entry.at)} />
            </td>
            <th scope="row" title={lineText(entry.user, 200)}>
              {lineText(entry.user, 60)}
            </th>
            <td className="font-medium">{lineText(entry.action, 40)}</td>
            <td title={lineText(entry.target.id, 500)}>
              <Target target={entry.target} />
            </td>
            <td className="text-text-2 max-lg:hidden">
              {entry.before === null && entry.after === null ? "" : `${entry.before ?? "—"} → ${entry.after ?? "—"}`}
            </td>
            <td className="text-text-2 max-md:hidden" title={lineText(entry.why ?? "", 500)}>
              {lineText(entry.why ?? "", 120)}
            </td>
            <td className={`mono max-md:hidden ${entry.outcome === "done" ? "text-text-2" : "text-warn"}`}>
              {lineText(entry.outcome, 60)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Target({ target: { type, id } }: { readonly target: AuditEntry["target"] }): ReactElement {
  if (type === "task") {
    return (
      <>
        task{" "}
        <a href={hrefOf({ page: "task", taskId: id })} className="mono">
          {shortId(id)}
        </a>
      </>
    );
  }
  return (
    <>
      {lineText(type, 20)} {lineText(id, 120)}
    </>
  );
}

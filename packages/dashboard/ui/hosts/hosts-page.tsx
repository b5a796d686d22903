import type { HostRecord } from "@millrace/models";
import { useQueryClient } from "@tanstack/react-query";
import type { ReactElement } from "react";
import type { TaskPage } from "../api/answers.ts";
import { pathPart, send, type ApiProblem } from "../api/request.ts";
import { useObstacle } from "../api/use-about.ts";
import { ActionButton } from "../controls/action-button.tsx";
import { Columns, type Column } from "../controls/columns.tsx";
import { EmptyNote, Loading, ProblemNote } from "../controls/notes.tsx";
import { Meter } from "../controls/meter.tsx";
import { useToast } from "../controls/toasts.tsx";
import { coarseText, relativeText } from "../format/durations.ts";
import { plural } from "../format/numbers.ts";
import { lineText, middleText } from "../format/texts.ts";
import { useLiveQuery } from "../live/use-live-query.ts";
import { useNow } from "../live/use-now.ts";
import { quoted } from "../query/query-text.ts";
import { hrefOf } from "../routes/route.ts";
import { Glyph } from "../state/glyph.tsx";
import { hasVersionSkew, hostHealth } from "./host-health.ts";

interface Hosts {
  readonly hosts: readonly HostRecord[];
  readonly now: number;
}

const columns: readonly Column[] = [
  { name: "Host" },
  { name: "State", look: "w-30" },
  { name: "Beat", look: "end w-20" },
  { name: "Progress", look: "w-48 max-md:hidden" },
  { name: "Slots", look: "w-36 max-md:hidden" },
  { name: "Version", look: "w-24 max-lg:hidden" },
  { name: "Up", look: "end w-18 max-lg:hidden" },
  { name: "Actions", look: "w-28 max-sm:hidden", isNamedQuietly: true },
];

/** Who does the work: whether it lives, and whether it gets on, as two signs. */
export function HostsPage(): ReactElement {
  const { data, error, refetch } = useLiveQuery<Hosts>({
    queryKey: ["hosts"],
    path: "hosts",
    everyMs: 5_000,
  });
  const now = useNow();
  if (error && !data) return <ProblemNote problem={error} onAgain={() => void refetch()} />;
  if (!data) return <Loading lines={6} label="Hosts are loading" />;
  const { hosts } = data;
  const skew = hasVersionSkew(hosts, now);
  return (
    <div className="flex flex-col gap-3">
      <h1 className="sr-only">Hosts</h1>
      <p className="text-text-2">
        {summaryOf(hosts, now)}
        {skew ? <span className="text-warn"> · not all have the same version</span> : null}
      </p>
      <div className="panel overflow-hidden">
        {hosts.length === 0 ? (
          <EmptyNote title="No host has been heard of in the last 24 hours">
            <p>Start one; it appears here by itself:</p>
            <pre className="mono mt-3 overflow-x-auto rounded-panel bg-surface-2 p-3 text-start">
              {"const host = createHost({ tasks });\nawait host.start();"}
            </pre>
          </EmptyNote>
        ) : (
          <table className="table">
            <Columns of={columns} />
            <tbody>
              {hosts.slice(0, 60).map((host) => (
                <Row key={host.hostId} host={host} now={now} />
              ))}
            </tbody>
          </table>
        )}
      </div>
      {hosts.length > 60 ? <p className="text-text-2">and {plural(hosts.length - 60, "host")} more</p> : null}
    </div>
  );
}

function summaryOf(hosts: readonly HostRecord[], now: number): string {
  const counts = new Map<string, number>();
  for (const host of hosts) {
    const { word } = hostHealth(host, now);
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const live = hosts.filter((host) => ["live", "late", "draining"].includes(hostHealth(host, now).state));
  const [running, slots] = [
    live.reduce((sum, host) => sum + host.running, 0),
    live.reduce((sum, host) => sum + host.slots, 0),
  ];
  return [...[...counts].map(([word, count]) => `${count} ${word.toLowerCase()}`), `slots ${running}/${slots}`].join(
    " · ",
  );
}

function Row({ host, now }: { readonly host: HostRecord; readonly now: number }): ReactElement {
  const { hostId, label, running, slots, version, startedAt, lastSeenAt, kinds } = host;
  const { state, word, tone, glyph } = hostHealth(host, now);
  const isThere = state === "live" || state === "late" || state === "draining";
  const name = label === "" ? hostId : label;
  return (
    <tr className="max-md:[--row:56px]">
      <th scope="row" title={`${lineText(hostId, 200)} serves ${lineText(kinds.join(", "), 500)}`}>
        <a href={hrefOf({ page: "tasks", q: `host:${quoted(hostId)}` })} className="font-medium text-text">
          {middleText(lineText(name, 200), 40)}
        </a>
        <span className="block text-xs text-text-2 md:hidden">
          {isThere ? <Progress host={host} now={now} /> : "—"} · {running}/{slots} slots
        </span>
      </th>
      <td>
        <span className="inline-flex items-center gap-1.5">
          <Glyph name={glyph} tone={tone} />
          {word}
        </span>
      </td>
      <td className={`end ${state === "late" || state === "lost" ? "text-bad" : "text-text-2"}`}>
        {coarseText(Math.max(0, now - lastSeenAt))}
      </td>
      <td className="text-text-2 max-md:hidden">{isThere ? <Progress host={host} now={now} /> : "—"}</td>
      <td className="max-md:hidden">
        <span className="flex items-center gap-2">
          <span className="w-16">
            <Meter
              percent={slots === 0 ? 0 : Math.min(100, (100 * running) / slots)}
              label={`Slots of ${lineText(name, 80)}`}
            />
          </span>
          {running}/{slots}
          {running >= slots && slots > 0 ? <span className="text-text-2">full</span> : null}
        </span>
      </td>
      <td className="mono text-text-2 max-lg:hidden">{version === "" ? "—" : lineText(version, 40)}</td>
      <td className="end text-text-2 max-lg:hidden">{isThere ? coarseText(now - startedAt) : "—"}</td>
      <td className="end max-sm:hidden">{isThere ? <Drain host={host} /> : null}</td>
    </tr>
  );
}

/** A good beat says that the process lives; only what its tasks say tells whether it gets on. */
function Progress({
  host: { hostId, running },
  now,
}: {
  readonly host: HostRecord;
  readonly now: number;
}): ReactElement {
  const { data } = useLiveQuery<TaskPage>({
    queryKey: ["tasks", "of-host", hostId],
    path: "tasks",
    query: { q: `host:${quoted(hostId)}`, order: "updated_desc", limit: 20 },
    everyMs: 5_000,
  });
  if (running === 0 && data?.tasks.length === 0) return <>idle</>;
  if (!data) return <>—</>;
  const last = Math.max(0, ...data.tasks.map(({ lastSignAt, claimedAt }) => Math.max(lastSignAt ?? 0, claimedAt ?? 0)));
  const isSilent = data.tasks.length > 0 && data.tasks.every(({ state }) => state === "stale");
  return (
    <span className={isSilent ? "text-warn" : ""}>
      {last === 0 ? "—" : `${isSilent ? "silent since" : "last sign"} ${relativeText(last, now)}`}
    </span>
  );
}

function Drain({ host: { hostId, label, drainRequestedAt } }: { readonly host: HostRecord }): ReactElement {
  const noRight = useObstacle("drain");
  const client = useQueryClient();
  const toast = useToast();
  const drain = drainRequestedAt === null;
  const run = (): void => {
    send(`hosts/${pathPart(hostId)}/drain`, { drain }).then(
      () => {
        toast({ text: drain ? "It takes no more tasks, and ends those it has." : "It takes tasks again." });
        void client.invalidateQueries({ queryKey: ["hosts"] });
      },
      (error: ApiProblem) => toast({ text: error.message, tone: "bad" }),
    );
  };
  return (
    <ActionButton
      className="min-h-6! py-0!"
      why={noRight ?? undefined}
      aria-label={`${drain ? "Drain" : "Undrain"} ${lineText(label || hostId, 80)}`}
      onClick={run}
    >
      {drain ? "Drain" : "Undrain"}
    </ActionButton>
  );
}

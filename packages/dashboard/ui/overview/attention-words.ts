import { mostDueCounted } from "@millrace/models";
import type { Attention } from "../api/answers.ts";
import { durationText, relativeText } from "../format/durations.ts";
import { countText, percentText, plural } from "../format/numbers.ts";
import { lineText } from "../format/texts.ts";
import type { Route } from "../routes/route.ts";
import { reasonText } from "../schedules/occurrence-words.ts";

/** What is wrong, in words, and where the rest of it is told. */
export interface AttentionWords {
  readonly subject: string;
  readonly text: string;
  readonly link: { readonly label: string; readonly to: Route };
}

/** Says what is to be looked at. Pure; a code that is not known here is shown as it is. */
export function attentionWords(attention: Attention, now: number): AttentionWords {
  const { code, q, kind = "", queued = 0, count = 0 } = attention;
  const list = (label: string): AttentionWords["link"] => ({
    label,
    to: { page: "tasks", q },
  });
  const ago = (at: number | undefined): string => (at === undefined ? "" : durationText(Math.max(0, now - at)));
  switch (code) {
    case "failing": {
      const usual =
        attention.usualRate === null || attention.usualRate === undefined
          ? ""
          : ` (usually ${percentText(attention.usualRate)})`;
      return {
        subject: lineText(kind, 80),
        text: `failing ${percentText(attention.rate ?? 0)}${usual} · ${countText(attention.failed ?? 0)} of ${countText(attention.ended ?? 0)}`,
        link: list("View failures"),
      };
    }
    case "stale":
      return {
        subject: `${plural(count, "task")} stale`,
        text: "their handlers have gone silent",
        link: list("View tasks"),
      };
    case "host-lost":
      return {
        subject: hostName(attention),
        text: `lost, last heard of ${relativeText(attention.lastSeenAt ?? now, now)}${attention.held ? ` · held ${plural(attention.held, "task")}` : ""}`,
        link: { label: "View hosts", to: { page: "hosts" } },
      };
    case "host-late":
      return {
        subject: hostName(attention),
        text: `late, last heard of ${relativeText(attention.lastSeenAt ?? now, now)}`,
        link: { label: "View hosts", to: { page: "hosts" } },
      };
    case "unserved":
      return {
        subject: lineText(kind, 80),
        text: `${dueText(queued)} queued, oldest ${ago(attention.since)}, no host serves this kind`,
        link: list("View tasks"),
      };
    case "dispatch-stalled":
      return {
        subject: lineText(kind, 80),
        text: `${dueText(queued)} queued and ${plural(attention.freeSlots ?? 0, "slot")} free, but nothing was taken for ${ago(attention.since)}`,
        link: list("View tasks"),
      };
    case "long-wait":
      return {
        subject: lineText(kind, 80),
        text: `${dueText(queued)} queued, the first waits ${ago(attention.since)}`,
        link: list("View tasks"),
      };
    case "schedule-missed":
      return {
        subject: lineText(attention.scheduleId ?? "", 80),
        text: `missed ${count > 1 ? plural(count, "run") : "its run"} of ${relativeText(attention.scheduledFor ?? now, now)}${attention.reason ? ` (${reasonText(attention.reason)})` : ""}`,
        link: { label: "View schedule", to: { page: "schedules", id: attention.scheduleId } },
      };
    default:
      return { subject: lineText(kind || code, 80), text: lineText(code, 80), link: list("View tasks") };
  }
}

function dueText(count: number): string {
  return `${countText(count)}${count >= mostDueCounted ? " or more" : ""}`;
}

function hostName({ label = "", hostId = "" }: Attention): string {
  return lineText(label === "" ? hostId : label, 80);
}

import type { ReactElement } from "react";
import { plural } from "../format/numbers.ts";
import { clockText } from "../format/times.ts";
import { useFeed, useFeedState } from "../live/live-provider.tsx";
import type { FeedState } from "../live/live-feed.ts";
import { useZone } from "../settings/use-zone.ts";
import { Glyph } from "../state/glyph.tsx";
import { useHotkeys } from "./hotkeys.ts";

/** How fresh the page is, in words; pressing it pauses the page or lets it go on. */
export function LiveControl(): ReactElement {
  const feed = useFeed();
  const state = useFeedState();
  const zone = useZone();
  const isPaused = state.pausedAt !== null;
  const toggle = (): void => (isPaused ? feed?.resume() : feed?.pause());
  useHotkeys({ p: toggle });
  const { text, short } = wordsOf(state, zone);
  return (
    <button
      type="button"
      className="button gap-2 max-md:px-2"
      aria-pressed={isPaused}
      aria-keyshortcuts="p"
      aria-label={`${text}. ${isPaused ? "Show changes again" : "Pause changes"}`}
      title={isPaused ? "Show changes again (p)" : "Pause changes (p)"}
      onClick={toggle}
    >
      <Sign state={state} />
      <span className="max-lg:hidden">{text}</span>
      <span className="lg:hidden">{short}</span>
    </button>
  );
}

function Sign({ state }: { readonly state: FeedState }): ReactElement {
  switch (state.status) {
    case "live":
      return <span aria-hidden="true" className="size-2 rounded-full bg-ok-mark" />;
    case "paused":
      return <Glyph name="bars" tone="idle" size={12} />;
    case "polling":
      return <Glyph name="triangle" tone="warn" size={12} />;
    case "ended":
      return <Glyph name="hollow-cross" tone="bad" size={12} />;
    default:
      return <Glyph name="dashed" tone="warn" size={12} />;
  }
}

function wordsOf(state: FeedState, zone: string): { readonly text: string; readonly short: string } {
  const clock = (at: number | null): string => (at === null ? "—" : clockText(at, zone, Date.now()));
  switch (state.status) {
    case "live":
      return { text: "Live", short: "Live" };
    case "paused":
      return {
        text: `Paused ${clock(state.pausedAt)} · ${plural(state.waiting, "change")} waiting`,
        short: `Paused · ${state.waiting}`,
      };
    case "polling":
      return { text: "Polling every 5 s", short: "Polling" };
    case "ended":
      return { text: `Not live: ${state.endedBy ?? "the stream has ended"}`, short: "Not live" };
    case "reconnecting":
      return {
        text: `Reconnecting (${state.tries}) · data from ${clock(state.heardAt)}`,
        short: `Reconnecting (${state.tries})`,
      };
    default:
      return { text: "Connecting", short: "Connecting" };
  }
}

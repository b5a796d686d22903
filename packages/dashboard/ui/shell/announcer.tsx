import { useEffect, useState, type ReactElement } from "react";
import { plural } from "../format/numbers.ts";
import { useFeed } from "../live/live-provider.tsx";

const everyMs = 10_000;

/** Tells those who listen what has failed, politely and seldom. No table is announced as it changes. */
export function Announcer(): ReactElement {
  const feed = useFeed();
  const [text, say] = useState("");
  useEffect(() => {
    if (!feed) return;
    let failures = 0;
    const stop = feed.onNews((news) => {
      if (news.type === "events")
        failures += news.events.filter(({ event }) => event === "failed" || event === "quarantined").length;
    });
    const timer = setInterval(() => {
      if (failures > 0) say(plural(failures, "new failure"));
      failures = 0;
    }, everyMs);
    return () => {
      stop();
      clearInterval(timer);
    };
  }, [feed]);
  return (
    <p role="status" aria-live="polite" className="sr-only">
      {text}
    </p>
  );
}

import type { Channel } from "../border/channel.ts";

/** Two ends of a line inside this process; messages are cloned like at a real border and arrive a turn later, in order. */
export function channelPair(): readonly [Channel, Channel] {
  const toFirst = new Set<(message: unknown) => void>();
  const toSecond = new Set<(message: unknown) => void>();
  let isOpen = true;
  const end = (theirs: Set<(message: unknown) => void>, ours: Set<(message: unknown) => void>): Channel => ({
    async post(message) {
      if (!isOpen) throw new Error("closed");
      const copy: unknown = structuredClone(message);
      await new Promise((resolve) => setImmediate(resolve));
      for (const listen of theirs) listen(copy);
    },
    onMessage(listen) {
      ours.add(listen);
      return () => void ours.delete(listen);
    },
    close() {
      isOpen = false;
    },
  });
  return [end(toSecond, toFirst), end(toFirst, toSecond)];
}

import type { ReactElement } from "react";
import type { Share } from "./use-brush.ts";

/** The span that is dragged over, drawn over what it is dragged over. */
export function Dragged({ share: [from, to] }: { readonly share: Share }): ReactElement {
  return (
    <span
      aria-hidden="true"
      className="pointer-events-none absolute inset-y-0 border-x border-accent bg-accent/20"
      style={{ left: `${100 * from}%`, width: `${100 * (to - from)}%` }}
    />
  );
}

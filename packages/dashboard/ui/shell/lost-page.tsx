import type { ReactElement } from "react";
import { EmptyNote } from "../controls/notes.tsx";
import { hrefOf } from "../routes/route.ts";

/** A place that there is not. */
export function LostPage(): ReactElement {
  return (
    <EmptyNote isPage title="There is nothing here">
      <p>
        The address is of no page of this dashboard. <a href={hrefOf({ page: "overview" })}>Go to the overview</a>.
      </p>
    </EmptyNote>
  );
}

import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { EmptyNote } from "../controls/notes.tsx";

/** A place that there is not. */
export function LostPage(): ReactElement {
  return (
    <EmptyNote isPage title="There is nothing here">
      <p>
        The address is of no page of this dashboard. <Link to="/">Go to the overview</Link>.
      </p>
    </EmptyNote>
  );
}

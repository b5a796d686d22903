import type { ReactElement } from "react";

/** A column of a table. */
export interface Column {
  readonly name: string;
  /** Its width, its side, and where there is no room for it. */
  readonly look?: string;
  /** Its name is for those who listen: what stands in it says enough to those who see. */
  readonly isNamedQuietly?: boolean;
}

/** The heads of the columns of a table. */
export function Columns({ of }: { readonly of: readonly Column[] }): ReactElement {
  return (
    <thead>
      <tr>
        {of.map(({ name, look, isNamedQuietly }) => (
          <th key={name} scope="col" className={look}>
            {isNamedQuietly ? <span className="sr-only">{name}</span> : name}
          </th>
        ))}
      </tr>
    </thead>
  );
}

import type { ReactElement } from "react";

/** What an icon stands for. */
export type IconName =
  | "overview"
  | "tasks"
  | "schedules"
  | "hosts"
  | "kinds"
  | "errors"
  | "audit"
  | "settings"
  | "keys"
  | "more"
  | "search"
  | "fold";

const paths: Readonly<Record<IconName, string>> = {
  overview: "M2.5 2.5h4.6v6H2.5zM8.9 2.5h4.6v3.2H8.9zM8.9 7.6h4.6v5.9H8.9zM2.5 10.4h4.6v3.1H2.5z",
  tasks: "M2.5 4h1.2M6 4h7.5M2.5 8h1.2M6 8h7.5M2.5 12h1.2M6 12h7.5",
  schedules: "M8 13.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11ZM8 5v3.2l2.2 1.4",
  hosts: "M2.5 3h11v4h-11zM2.5 9h11v4h-11zM5 5h.1M5 11h.1",
  kinds: "M8 2.2l5.4 3L8 8.2l-5.4-3zM2.6 8L8 11l5.4-3M2.6 10.8L8 13.8l5.4-3",
  errors: "M8 2.8l5.8 10.2H2.2zM8 6.6v3M8 11.2v.3",
  audit: "M4 2.5h6l2.5 2.5v8.5H4zM6 7h4.5M6 9.5h4.5",
  settings: "M2.5 5h6M11.5 5h2M2.5 11h2M7.5 11h6M10 3.4v3.2M6 9.4v3.2",
  keys: "M2 4.5h12v7H2zM4.5 7h.1M7 7h.1M9.5 7h.1M11.8 7h.1M5.5 9.4h5",
  more: "M3.5 8h.1M8 8h.1M12.5 8h.1",
  search: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM10.4 10.4L13.6 13.6",
  fold: "M2.5 3h11v10h-11zM6 3v10",
};

/** An icon beside a word. */
export function Icon({ name }: { readonly name: IconName }): ReactElement {
  return (
    <svg
      viewBox="0 0 16 16"
      width="16"
      height="16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      className="shrink-0"
    >
      <path d={paths[name]} />
    </svg>
  );
}

import type { ButtonHTMLAttributes, ReactElement } from "react";

/** A button with its key on it; one that cannot be pressed says why. */
export function ActionButton({
  look = "plain",
  hotkey,
  why,
  children,
  className = "",
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & {
  readonly look?: "plain" | "primary" | "danger" | "quiet";
  readonly hotkey?: string | undefined;
  /** Why it cannot be pressed. */
  readonly why?: string | undefined;
}): ReactElement {
  const style = look === "plain" ? "" : `button-${look}`;
  return (
    <button
      type="button"
      className={`button ${style} ${className}`}
      {...(why === undefined ? {} : { disabled: true, title: why })}
      {...(hotkey === undefined ? {} : { "aria-keyshortcuts": hotkey })}
      {...rest}
    >
      {children}
      {hotkey === undefined ? null : (
        <kbd className="key max-md:hidden" aria-hidden="true">
          {hotkey}
        </kbd>
      )}
    </button>
  );
}

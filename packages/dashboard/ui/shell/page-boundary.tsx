import { Component, type ReactNode } from "react";
import { EmptyNote } from "../controls/notes.tsx";

/** Keeps what stands around a page when the page itself fails, as one does whose files a new version has replaced. */
export class PageBoundary extends Component<{ readonly children: ReactNode }, { readonly hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError(): { readonly hasFailed: boolean } {
    return { hasFailed: true };
  }

  override render(): ReactNode {
    if (!this.state.hasFailed) return this.props.children;
    return (
      <EmptyNote isPage title="This page could not be shown">
        <p>It may have been replaced by a newer version since it was opened.</p>
        <button type="button" className="button mt-3" onClick={() => location.reload()}>
          Load it again
        </button>
      </EmptyNote>
    );
  }
}

import type { ReactElement } from "react";
import { useAbout } from "../api/use-about.ts";
import { Loading, ProblemNote } from "../controls/notes.tsx";
import { lineText } from "../format/texts.ts";
import { Fact, Panel } from "./panel.tsx";
import { rightWords } from "./right-words.ts";

/** Who one is here, what one may do and what not, and why. */
export function AccessPanel(): ReactElement {
  const { data, error } = useAbout();
  if (error) return <ProblemNote problem={error} />;
  if (!data) return <Loading lines={4} />;
  const { user, tenantId, rights, lacking, readOnly, limits } = data;
  return (
    <Panel title="Access">
      <Fact name="You are">{lineText(user, 200)}</Fact>
      <Fact name="Tenant">{tenantId === null ? "all" : lineText(tenantId, 200)}</Fact>
      <Fact name="You may">{rightWords(rights)}</Fact>
      {lacking.length === 0 ? null : (
        <Fact name="You may not">
          {rightWords(lacking)}
          <p className="text-text-2">
            {readOnly
              ? "This dashboard changes nothing, whoever asks."
              : "Whoever set up this dashboard gives out rights."}
          </p>
        </Fact>
      )}
      <Fact name="Limits">
        <ul>
          {Object.entries(limits).map(([name, value]) => (
            <li key={name}>
              <span className="mono">{name}</span> {JSON.stringify(value)}
            </li>
          ))}
        </ul>
      </Fact>
    </Panel>
  );
}

import type { ReactElement } from "react";
import { apiUrl } from "../api/request.ts";
import { Fact, Panel } from "./panel.tsx";

/** Of the package this page was built with. */
declare const dashboardVersion: string;

/** What this page is, and where its API is written down. */
export function AboutPanel(): ReactElement {
  return (
    <Panel title="About">
      <Fact name="Dashboard">Version {dashboardVersion}</Fact>
      <Fact name="API">
        <a href={apiUrl("openapi.json")}>OpenAPI document</a>
      </Fact>
    </Panel>
  );
}

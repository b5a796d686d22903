import * as vega from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import { cleanSvg } from "./clean-svg.ts";

/** Draws a specification without any browser and gives an `<svg>` element that can stand inside a page. */
export async function renderSvg(spec: TopLevelSpec): Promise<string> {
  const view = new vega.View(vega.parse(compile(spec).spec), { renderer: "none", logLevel: vega.Error });
  try {
    return cleanSvg(await view.toSVG());
  } finally {
    view.finalize();
  }
}

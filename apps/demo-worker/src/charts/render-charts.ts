import type { DatasetProfile } from "../profile/dataset-profile.ts";
import type { Chart } from "./chart-plan.ts";
import { chartSpec } from "./chart-spec.ts";
import { chooseCharts } from "./choose-charts.ts";
import { describeChart } from "./describe-chart.ts";
import { renderSvg } from "./render-svg.ts";

/** Chooses, draws and describes the charts of a profile. */
export async function renderCharts(profile: DatasetProfile, favourites: readonly string[]): Promise<readonly Chart[]> {
  const charts: Chart[] = [];
  for (const plan of chooseCharts(profile, favourites)) {
    charts.push({ kind: plan.kind, ...describeChart(plan), svg: await renderSvg(await chartSpec(plan)) });
  }
  return charts;
}

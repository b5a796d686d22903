import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import about from "./package.json" with { type: "json" };

const chartLanguage = "domEnv ? nav.language : 'en-US'";

// Chromium on a server may say that it speaks `en-US@posix`, which `Intl` refuses: uPlot, and with it the overview, would not load. Charts
// count in English, as the rest of the page does.
const englishCharts: Plugin = {
  name: "english-charts",
  transform: {
    filter: { id: /uPlot\.esm\.js$/ },
    handler(code) {
      if (!code.includes(chartLanguage)) this.error("uPlot names its language in another way: see `chartLanguage`.");
      return { code: code.replace(chartLanguage, "'en-US'"), map: null };
    },
  },
};

export default defineConfig({
  root: "ui",
  // Relative: the page finds its files and its API beside itself, wherever it is mounted.
  base: "./",
  plugins: [react(), tailwindcss(), englishCharts],
  define: { dashboardVersion: JSON.stringify(about.version) },
  resolve: { conditions: ["@millrace/source", "module", "browser", "development|production"] },
  build: {
    outDir: "../dist/ui",
    emptyOutDir: true,
    target: "es2023",
    // A strict policy lets no `data:` font in; a file of its own is cached besides.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What the licences of those whose code is in there ask for.
    license: { fileName: "assets/licences.md" },
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // A file for each small part that some pages share is more wrapping than part.
          groups: [
            {
              name: "parts",
              test: /[\\/]ui[\\/](controls|format|query|schedules|settings|state|tasks)[\\/]/,
              maxModuleSize: 4_000,
              minShareCount: 2,
            },
          ],
        },
      },
    },
  },
});

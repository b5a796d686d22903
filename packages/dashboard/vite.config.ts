import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  root: "ui",
  // Relative: the page finds its files and its API beside itself, wherever it is mounted.
  base: "./",
  plugins: [react(), tailwindcss()],
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
              test: /[\\/]ui[\\/](controls|format|query|state)[\\/]/,
              maxModuleSize: 4_000,
              minShareCount: 2,
            },
          ],
        },
      },
    },
  },
});

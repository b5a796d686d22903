// Prints `N passed, M failed` from a vitest JSON report. A test file that could not even load counts as one failure.
import { readFileSync } from "node:fs";

const [path] = process.argv.slice(2);
const report = read(path);
const unloaded = report.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
const failed = report.numFailedTests + unloaded.length;
console.log(`${report.numPassedTests} passed, ${failed} failed`);
if (failed > 0 || report.numPassedTests === 0) process.exitCode = 1;

function read(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return { testResults: [{ status: "failed", assertionResults: [] }], numFailedTests: 0, numPassedTests: 0 };
  }
}

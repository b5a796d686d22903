// Prints from a vitest JSON report each test that failed, with its file and its error, then `N passed, M failed`. A test
// file that failed outside its tests, because it could not even load, counts as one failure.
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { stripVTControlCharacters } from "node:util";

const [path] = process.argv.slice(2);
const report = read(path);
const failures = report.testResults.flatMap(failuresOf);
for (const failure of failures) console.log(`failed: ${failure}\n`);
console.log(`${report.numPassedTests} passed, ${failures.length} failed`);
if (failures.length > 0 || report.numPassedTests === 0) process.exitCode = 1;

function failuresOf(file) {
  const name = relative(".", file.name);
  const failed = file.assertionResults.filter((test) => test.status === "failed");
  if (failed.length > 0) return failed.map((test) => `${name} > ${test.fullName}\n${excerpt(test.failureMessages)}`);
  return file.status === "failed" ? [`${name} failed outside its tests\n${excerpt([file.message])}`] : [];
}

function excerpt(messages) {
  const lines = stripVTControlCharacters(messages.join("\n")).split("\n");
  return lines
    .slice(0, 20)
    .map((line) => `  ${line}`)
    .join("\n");
}

function read(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    return {
      testResults: [{ name: "the report", status: "failed", message: String(error), assertionResults: [] }],
      numPassedTests: 0,
    };
  }
}

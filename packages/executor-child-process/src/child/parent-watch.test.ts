import { describe, expect, it } from "vitest";
import { machineView, watchParent } from "./parent-watch.ts";

describe("watchParent", () => {
  it("sees that the parent is gone when somebody else has adopted the process", () => {
    const view = { ppid: 100, isAlive: () => true };
    const isGone = watchParent(100, view);
    expect(isGone()).toBe(false);
    view.ppid = 1;
    expect(isGone()).toBe(true);
  });

  it("watches the host too when a wrapper stands between", () => {
    let isHostAlive = true;
    const isGone = watchParent(100, { ppid: 200, isAlive: (pid) => pid === 100 && isHostAlive });
    expect(isGone()).toBe(false);
    isHostAlive = false;
    expect(isGone()).toBe(true);
  });

  it("is gone at once when the host died before the first look", () => {
    expect(watchParent(100, { ppid: 1, isAlive: () => false })()).toBe(true);
  });

  it("knows the living and the dead of this machine", () => {
    expect(machineView.isAlive(process.pid)).toBe(true);
    expect(machineView.ppid).toBe(process.ppid);
    expect(machineView.isAlive(2 ** 30)).toBe(false);
  });
});

/** Tells whether the parent of this process is gone. */
export type ParentWatch = () => boolean;

/** What a watch looks at; `process` in life. */
export interface ProcessView {
  readonly ppid: number;
  isAlive(pid: number): boolean;
}

/**
 * Watches the process that started this one. A dead parent shows as another `ppid` (also while it is still a zombie). When a wrapper
 * stands between (a custom command), the host is not the direct parent: then both are watched.
 */
export function watchParent(hostPid: number, view: ProcessView): ParentWatch {
  const firstPpid = view.ppid;
  return () => view.ppid !== firstPpid || (firstPpid !== hostPid && !view.isAlive(hostPid));
}

/** The processes of this machine. */
export const machineView: ProcessView = {
  get ppid() {
    return process.ppid;
  },
  isAlive(pid) {
    try {
      process.kill(pid, 0);
      return true;
    } catch (error) {
      return error instanceof Error && Reflect.get(error, "code") === "EPERM";
    }
  },
};

/** Kills this process with all it has started. Never returns. */
export function killOwnGroup(): void {
  try {
    process.kill(-process.pid, "SIGKILL");
  } catch {
    // No group of its own (Windows, or a wrapper leads it): at least itself.
    process.kill(process.pid, "SIGKILL");
  }
}

/** __JOB__ */
export function __EXPORT__(): string {
  return "__NAME__";
}

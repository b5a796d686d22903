export const run = (name: string): string => `Hello ${name} from process ${process.pid}`;

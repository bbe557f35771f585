/** When an image was last launched: EC2 tells its owner a day later. */
import type { ImageRow } from './rows.ts';

/** Amazon EC2 User Guide, "Check when an Amazon EC2 AMI was last used". */
const REPORT_DELAY_MS = 24 * 60 * 60 * 1_000;

/** When the owner is told of a launch. */
export const reportedAtMs = (launchMs: number): number => launchMs + REPORT_DELAY_MS;

const isReported =
  (nowMs: number) =>
  (atMs: number): boolean =>
    reportedAtMs(atMs) <= nowMs;

/** The last launch that the owner is told of. */
export const lastLaunchOf = (row: ImageRow, nowMs: number): number | undefined =>
  row.launchesAtMs?.findLast(isReported(nowMs));

/** To be called when instances are launched from the image. */
export const noteLaunch = (image: ImageRow, nowMs: number): void => {
  const known = image.launchesAtMs ?? [];
  const reported = known.findLastIndex(isReported(nowMs));
  image.launchesAtMs = [...known.slice(Math.max(0, reported)), nowMs];
};

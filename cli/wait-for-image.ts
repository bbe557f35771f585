import type { ImageState, Target } from '../shared/domain/model.ts';
import type { Loop } from '../shared/loop/loop.ts';

/** Between two looks: more when it takes long. */
const POLL_MIN_MS = 5_000;
const POLL_MAX_MS = 30_000;
/** No timer is set for longer, since the process would not end before it. */
const NAP_MS = 1_000;
/** CreateImage "can take up to 24 hours" (EC2 User Guide, "Create an Amazon EBS-backed AMI"). */
const WAIT_MAX_MS = 24 * 3_600_000;
/** Reads that fail one after another; then nobody waits for a denial to pass. */
const FAILURES_MAX = 8;

/** The state in which the image was seen last; `unseen`, if EC2 never showed it. */
export type Waited = ImageState | 'unseen';

export interface Watch {
  readonly mayGoOn: () => boolean;
  readonly onState: (state: ImageState) => void;
}

/**
 * Looks at an image every five to thirty seconds until it is no longer on its way. A new image may
 * not be seen at once. Gives up after a day, after eight failed reads in a row, or within a second
 * when told to.
 */
export const waitForImage = async (
  { cloud, clock }: Loop,
  home: Target,
  imageId: string,
  { mayGoOn, onState }: Watch,
): Promise<Waited> => {
  const beganMs = clock.nowMs();
  const endMs = beganMs + WAIT_MAX_MS;
  let state: Waited = 'unseen';
  let failures = 0;
  while (mayGoOn() && clock.nowMs() < endMs && failures < FAILURES_MAX) {
    const { items, isComplete } = await cloud.at(home).imagesById([imageId]);
    failures = isComplete ? 0 : failures + 1;
    const [image] = items;
    if (image !== undefined) {
      state = image.state;
      onState(state);
      if (state !== 'pending' && state !== 'transient') return state;
    }
    const nowMs = clock.nowMs();
    const pollMs = Math.min(POLL_MAX_MS, POLL_MIN_MS + (nowMs - beganMs) / 20);
    const nextMs = Math.min(nowMs + pollMs, endMs);
    while (mayGoOn() && clock.nowMs() < nextMs) {
      await clock.sleep(Math.min(NAP_MS, nextMs - clock.nowMs()));
    }
  }
  return state;
};

import { type Duration, before } from '../domain/duration.ts';
import { formatSlot } from '../domain/naming.ts';
import type { Keep, Policy, ScheduleTrigger } from '../domain/policy.ts';
import type { Schedule } from '../domain/schedule.ts';
import { choicesOf, knownGapMs, slotsAfter } from './policy-slots.ts';
import type { Remark } from './warning-ids.ts';
import { lengthOf } from './warnings-of-schedules.ts';

/** Warnings about what is kept, copied and tagged. */

/**
 * @param saysRpo whether the policy says an RPO itself
 * @param nowMs   slots are looked at from here on
 */
export const keepingWarnings = (
  policy: Policy,
  saysRpo: boolean,
  nowMs: number,
): readonly Remark[] => {
  const pause = longestPause(policy);
  return [
    ...(saysRpo && pause !== undefined ? ofRpo(policy, pause, nowMs) : []),
    ...ofKeep(policy, pause?.gapMs),
    ...ofCopies(policy),
    ...ofBatches(policy),
    ...ofTags(policy),
    ...ofKeepFrom(policy),
  ];
};

interface Pause {
  readonly schedule: Schedule;
  readonly gapMs: number;
}

/** Of the schedules that count together the densest; of those that can be picked the sparsest. */
const longestPause = (policy: Policy): Pause | undefined =>
  choicesOf(policy)
    .flatMap((choice) => densest(choice) ?? [])
    .sort((a, b) => b.gapMs - a.gapMs)[0];

const densest = (choice: readonly ScheduleTrigger[]): Pause | undefined =>
  choice
    .flatMap(({ schedule }): readonly Pause[] => {
      const gapMs = knownGapMs(schedule);
      return gapMs === undefined ? [] : [{ schedule, gapMs }];
    })
    .sort((a, b) => a.gapMs - b.gapMs)[0];

const ofRpo = ({ rpoMs }: Policy, { schedule, gapMs }: Pause, nowMs: number): readonly Remark[] => {
  if (rpoMs >= gapMs) return [];
  const slots = slotsAfter(schedule, nowMs);
  const after = slots.findIndex((slotMs, index) => (slots[index + 1] ?? slotMs) - slotMs > rpoMs);
  const where = after < 0 ? '' : `, as after ${formatSlot(slots[after] ?? 0)}`;
  const message = `an RPO of ${lengthOf(rpoMs)} is shorter than the time between slots, which can be ${lengthOf(gapMs)}${where}`;
  return [{ id: 'WRN-08', below: ['rpo'], message }];
};

const ofKeep = ({ keep }: Policy, gapMs: number | undefined): readonly Remark[] => {
  const rules = Object.entries(keep);
  if (rules.length === 1 && keep.last === 1) {
    const message = 'only the newest point is kept, so there is never an older one to go back to';
    return [{ id: 'WRN-09', below: ['keep', 'last'], message }];
  }
  const longestMs = durationsOf(keep).map(lengthMsOf);
  if (gapMs === undefined || longestMs.length < rules.length || Math.max(...longestMs) > gapMs) {
    return [];
  }
  const message = `only the newest point is kept: the time between slots can be ${lengthOf(gapMs)}`;
  return [{ id: 'WRN-10', below: ['keep'], message }];
};

const durationsOf = (keep: Keep): readonly Duration[] =>
  Object.values(keep).filter((rule: unknown): rule is Duration => typeof rule === 'object');

/** A month back from here is as long as a month can be. */
const FROM_MS = Date.UTC(2026, 0, 31);

const lengthMsOf = (duration: Duration): number => FROM_MS - before(duration, FROM_MS, 'UTC');

const ofCopies = ({ copyTo }: Policy): readonly Remark[] =>
  copyTo.flatMap(({ region, kmsKey }, nth) =>
    kmsKey === undefined
      ? [
          {
            id: 'WRN-11',
            below: ['copyTo', nth],
            message: `without kmsKey, what is encrypted is copied to ${region} under that Region's default key for EBS`,
          },
        ]
      : [],
  );

const ofBatches = ({ image }: Policy): readonly Remark[] =>
  image.batchSize === undefined || image.reboot
    ? []
    : [{ id: 'WRN-12', below: ['image', 'batchSize'], message: 'the policy does not reboot' }];

const TAGS_MAX = 50;
/** Whose a point is (7, a copy's origin included), what a relaunch needs (5), what its policy waits for (2). */
const OUR_TAGS = 14;
/** Few instances have more. */
const ROOM_WANTED = 20;

const ofTags = ({ tags, image }: Policy): readonly Remark[] => {
  const set = Object.keys(tags.set).length + (image.name === undefined ? 0 : 1);
  const room = TAGS_MAX - OUR_TAGS - set;
  const named = tags.copy.filter((pattern) => !/[*?]/.test(pattern)).length;
  const isOpen = named < tags.copy.length;
  if (room >= Math.max(named, isOpen ? ROOM_WANTED : 0)) return [];
  const message = `besides Imago's own and the ${set} that are set, there is room for ${room} copied tags`;
  return [{ id: 'WRN-13', below: ['tags', 'copy'], message }];
};

const ofKeepFrom = ({ keepFrom }: Policy): readonly Remark[] =>
  keepFrom === undefined || keepFrom.unit !== undefined
    ? []
    : [
        {
          id: 'WRN-14',
          below: ['keepFrom'],
          message: `a bare number in the tag ${keepFrom.tag} is no rule: say its unit`,
        },
      ];

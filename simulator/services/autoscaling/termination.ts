/** Which instances a group lets go when it has too many (User Guide, "termination policies"). */
import type { GroupRow, MemberRow } from './rows.ts';

/** Policies that are served; those that go by an AWS Lambda function are not. */
export const TERMINATION_POLICIES = [
  'Default',
  'OldestInstance',
  'NewestInstance',
  'OldestLaunchConfiguration',
  'OldestLaunchTemplate',
  'ClosestToNextInstanceHour',
  'AllocationStrategy',
];

/** Whether the instance was launched by what the group would launch by now, as far as names tell. */
const isCurrent = ({ source }: GroupRow, { launchConfigurationName: name }: MemberRow): boolean =>
  name === source.LaunchConfigurationName;

/** Low numbers go first. Templates age by their versions. */
const ageOfSource = (group: GroupRow, member: MemberRow): number =>
  isCurrent(group, member) ? Number(member.template?.Version ?? 0) : -1;

const RANKS: Readonly<Record<string, (group: GroupRow, member: MemberRow) => number>> = {
  Default: ageOfSource,
  OldestLaunchConfiguration: ageOfSource,
  OldestLaunchTemplate: ageOfSource,
  NewestInstance: (_, { launchedAtMs }) => -launchedAtMs,
  OldestInstance: (_, { launchedAtMs }) => launchedAtMs,
};

/** The first difference that the group's policies see; then the oldest goes. */
const compare = (group: GroupRow, a: MemberRow, b: MemberRow): number => {
  for (const policy of [...(group.settings.TerminationPolicies ?? []), 'OldestInstance']) {
    const rank = RANKS[policy];
    const difference = rank === undefined ? 0 : rank(group, a) - rank(group, b);
    if (difference !== 0) return difference;
  }
  return 0;
};

/** The next to go: in the zone that has the most, by the group's policies. */
const nextOf = (group: GroupRow, members: readonly MemberRow[]): MemberRow | undefined => {
  const byZone = [...Map.groupBy(members, ({ zone }) => zone).values()];
  const fullest = byZone.toSorted((a, b) => b.length - a.length)[0] ?? [];
  const open = fullest.filter(({ isProtected }) => !isProtected);
  const candidates = open.length > 0 ? open : members.filter(({ isProtected }) => !isProtected);
  return candidates.toSorted((a, b) => compare(group, a, b))[0];
};

/** As many as do not take the group below its desired capacity; protected ones stay. */
export const toTerminate = (group: GroupRow, surplus: number): readonly MemberRow[] => {
  let held = [...group.members.values()].filter(({ isTerminating }) => !isTerminating);
  let rest = surplus;
  const gone: MemberRow[] = [];
  while (rest > 0) {
    const next = nextOf(group, held);
    if (next === undefined || (next.weight ?? 1) > rest) return gone;
    gone.push(next);
    held = held.filter((member) => member !== next);
    rest -= next.weight ?? 1;
  }
  return gone;
};

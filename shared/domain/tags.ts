/** Keys that say who owns an image or a snapshot. Nobody but the creating call writes them. */
export const TAG = {
  deployment: 'imago:deployment',
  policy: 'imago:policy',
  source: 'imago:source',
  slot: 'imago:slot',
  home: 'imago:home',
  copiedFrom: 'imago:copied-from',
  capturedAt: 'imago:captured-at',
  instanceType: 'imago:instance-type',
  subnet: 'imago:subnet',
  securityGroups: 'imago:security-groups',
  instanceProfile: 'imago:instance-profile',
  keyName: 'imago:key-name',
  /** Of a point that its policy made without some volumes: their devices. */
  excludedDevices: 'imago:excluded-devices',
  /** Of a point that somebody asked for: how long it is kept. People may change it. */
  keepUntil: 'imago:keep-until',
  /** Of a point whose policy waits for events: the state that its source was in. */
  sourceState: 'imago:source-state',
  /** Of a point whose policy waits for changed tags: a hash of those that its source had. */
  sourceTags: 'imago:source-tags',
  /** Of an image that others built: the policy that took it over. */
  adopted: 'imago:adopted',
  /** Written by people on an instance: which of a policy's named schedules counts for it. */
  schedule: 'imago:schedule',
  /** Written by people on an instance or an image: how long points are kept, beside the policy. */
  keep: 'imago:keep',
  /** Written by people: forbids removal, until a date if its value is one. */
  hold: 'imago:hold',
} as const;

/** EC2 allows 50 user tags on a resource, and 256 characters in a value. */
export const TAGS_MAX = 50;
export const TAG_VALUE_MAX = 256;

/** AWS services that let what they manage be found, and removed, by a tag of this value. */
const MANAGERS: readonly string[] = ['EC2 Image Builder', 'EC2 Fast Launch'];

/** Marks of EC2, of other managers, and our own: never carried from anything to anything. */
export const isReserved = (key: string, value?: string): boolean =>
  /^(aws:|imago:|dlm:)/i.test(key) ||
  key === 'AWSBackupManagedResource' ||
  (key === 'CreatedBy' && MANAGERS.some((manager) => manager === value));

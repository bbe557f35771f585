/** The mix of instances that a world repeats: a dozen, in an order of which any prefix is useful. */

export interface VolumePlan {
  readonly device: string;
  readonly sizeGib: number;
  readonly type: 'gp3' | 'io2' | 'standard';
  /** An `io2` volume has to have some. */
  readonly iops?: number;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface InstancePlan {
  readonly name: string;
  readonly role: 'web' | 'db' | 'legacy' | 'ci' | 'old';
  readonly instanceType: string;
  readonly zone: 'a' | 'b';
  readonly state: 'running' | 'stopped';
  readonly tags: Readonly<Record<string, string>>;
  readonly volumes: readonly VolumePlan[];
  /** Name of the Auto Scaling group that it belongs to. */
  readonly autoScalingGroup?: string;
  readonly hasInstanceStoreRoot?: boolean;
}

const ROOT = '/dev/sda1';

type Member = Omit<InstancePlan, 'name'> & { readonly stem: string };

const web = (
  env: string,
  zone: 'a' | 'b',
  state: 'running' | 'stopped',
  extra: readonly VolumePlan[] = [],
): Member => ({
  stem: 'web',
  role: 'web',
  instanceType: 't3.small',
  zone,
  state,
  tags: { Backup: 'daily', Env: env, 'cost-center': 'shop' },
  volumes: [{ device: ROOT, sizeGib: 12, type: 'gp3' }, ...extra],
});

const db = (zone: 'a' | 'b'): Member => ({
  stem: 'db',
  role: 'db',
  instanceType: 'r6i.large',
  zone,
  state: 'running',
  tags: { Backup: '6h', Env: 'prod', 'cost-center': 'shop' },
  volumes: [
    { device: ROOT, sizeGib: 20, type: 'gp3' },
    { device: '/dev/sdf', sizeGib: 200, type: 'io2', iops: 4_000 },
    { device: '/dev/sdg', sizeGib: 50, type: 'gp3' },
    { device: '/dev/sdh', sizeGib: 100, type: 'standard', tags: { scratch: 'true' } },
  ],
});

const legacy: Member = {
  stem: 'legacy',
  role: 'legacy',
  instanceType: 'm4.large',
  zone: 'a',
  state: 'stopped',
  tags: { Env: 'prod', 'cost-center': 'archive' },
  volumes: [{ device: ROOT, sizeGib: 40, type: 'gp3' }],
};

const ci: Member = {
  stem: 'ci-asg',
  role: 'ci',
  instanceType: 'c6i.xlarge',
  zone: 'b',
  state: 'running',
  tags: { Backup: 'daily', Env: 'prod', 'cost-center': 'build' },
  volumes: [{ device: ROOT, sizeGib: 30, type: 'gp3' }],
  autoScalingGroup: 'ci-workers',
};

const old: Member = {
  stem: 'old-ami',
  role: 'old',
  instanceType: 'm3.medium',
  zone: 'a',
  state: 'running',
  tags: { Backup: 'daily', Env: 'prod', 'cost-center': 'archive' },
  volumes: [],
  hasInstanceStoreRoot: true,
};

const MIX: readonly Member[] = [
  web('prod', 'a', 'running'),
  db('a'),
  web('prod', 'b', 'running', [{ device: '/dev/sdf', sizeGib: 30, type: 'gp3' }]),
  web('prod', 'a', 'running'),
  legacy,
  ci,
  old,
  web('prod', 'b', 'running'),
  db('b'),
  web('staging', 'a', 'stopped'),
  web('stag-eu', 'b', 'stopped'),
  web('staging', 'a', 'running'),
];

/** `web-1`, `web-2`; the first of a kind that comes once in the mix has no number. */
const nameOf = (stem: string, count: number): string =>
  count === 1 && stem !== 'web' && stem !== 'db' ? stem : `${stem}-${count}`;

/** The first `count` instances of the mix, repeated as often as needed. */
export const planInstances = (count: number): InstancePlan[] => {
  const counts = new Map<string, number>();
  return Array.from({ length: count }, (_, index) => {
    const { stem, ...plan } = MIX[index % MIX.length] as Member;
    const number = (counts.get(stem) ?? 0) + 1;
    counts.set(stem, number);
    return { ...plan, name: nameOf(stem, number) };
  });
};

import { describe, expect, it } from 'vitest';
import type { Image, Tags } from '../../shared/domain/model.ts';
import { planAdoption } from '../../shared/domain/plan-adoption.ts';
import { describeReason } from '../../shared/domain/reasons.ts';
import {
  anAdoption,
  anImage,
  aPlanInput,
  aPoint,
  ELSEWHERE,
  HOME,
  type PlanParts,
} from '../support/builders.ts';

const planned = (parts: PlanParts) => {
  const { decisions, actions } = planAdoption(aPlanInput({ adoptions: [anAdoption()], ...parts }));
  return {
    decisions: decisions.map(
      ({ kind, id, verdict, policyId, reasons }) =>
        `${kind} ${id} ${verdict} ${policyId}: ${reasons.map(describeReason).join(', ')}`,
    ),
    actions,
  };
};

const decided = (image: Partial<Image>, parts: PlanParts = {}): string | undefined =>
  planned({ images: [anImage(image)], ...parts }).decisions[0];

const marks = (group: string): Tags => ({
  'imago:deployment': 'prod',
  'imago:adopted': 'golden',
  'imago:policy': 'golden',
  'imago:source': group,
  'imago:home': '111122223333/eu-central-1',
});

const GROUPED = anAdoption({ groupByTag: 'role' });
const SNAPSHOTS = [
  { snapshotId: 'snap-1', sizeGiB: 8 },
  { snapshotId: 'snap-2', sizeGiB: 8 },
];

describe('an image that a policy adopts', () => {
  it('is due, with all its snapshots, and is marked with the policy, its home and its group', () => {
    expect(planned({ images: [anImage({ snapshots: SNAPSHOTS })] })).toEqual({
      decisions: ['image ami-1 adopt golden: ADO-01 adoption-due'],
      actions: [
        {
          kind: 'adopt',
          imageId: 'ami-1',
          name: 'golden',
          policyId: 'golden',
          group: '',
          resourceIds: ['ami-1', 'snap-1', 'snap-2'],
          tags: marks(''),
          reasons: [{ id: 'ADO-01' }],
        },
      ],
    });
  });

  it.each([
    ['web', 'web'],
    ['Web_1.2-x', 'Web_1.2-x'],
    ['web/front end', 'web-front-end-5a112967'],
    ['web-front-end', 'web-front-end'],
    ['web  front/end', 'web-front-end-71e26a34'],
    ['x'.repeat(60), 'x'.repeat(60)],
    ['x'.repeat(61), `${'x'.repeat(60)}-c508e75f`],
  ])('of the group %s is marked as of %s', (role, group) => {
    const { actions } = planned({ adoptions: [GROUPED], images: [anImage({ tags: { role } })] });

    expect(actions.map(({ tags, group: said }) => [tags['imago:source'], said])).toEqual([
      [group, group],
    ]);
  });

  it.each<Tags>([{}, { role: '' }, { constructor: 'x' }])(
    'is left without its group, with the tags %j',
    (tags) => {
      expect(decided({ tags }, { adoptions: [GROUPED] })).toBe(
        'image ami-1 ignore golden: ADO-03 no-group role',
      );
    },
  );

  it.each([
    ['pending', 'wait golden: RET-13 pending'],
    ['failed', 'ignore golden: RET-15 state-not-judged failed'],
    ['disabled', 'ignore golden: RET-15 state-not-judged disabled'],
  ] as const)('is left while it is %s', (state, said) => {
    expect(decided({ state })).toBe(`image ami-1 ${said}`);
  });

  it('is left where more than one policy means it', () => {
    const adoptions = [anAdoption(), anAdoption({ id: 'other' })];

    expect(planned({ adoptions, images: [anImage()] })).toEqual({
      decisions: ['image ami-1 ignore golden: ADO-05 adopted-by-several golden, other'],
      actions: [],
    });
  });

  it('is left where it, or one of its snapshots, has no room for all marks', () => {
    const full = Object.fromEntries(Array.from({ length: 46 }, (_, index) => [`t${index}`, 'x']));
    const snapshots = [{ id: 'snap-2', sizeGiB: 8, startedMs: 0, tags: full }];

    expect(decided({ tags: full })).toBe('image ami-1 ignore golden: TAG-03 tags-left-out ami-1');
    expect(decided({ snapshots: SNAPSHOTS }, { snapshots })).toBe(
      'image ami-1 ignore golden: TAG-03 tags-left-out snap-2',
    );
  });

  it('has room for them with 45 tags of its own', () => {
    const tags = Object.fromEntries(Array.from({ length: 45 }, (_, index) => [`t${index}`, 'x']));

    expect(decided({ tags })).toBe('image ami-1 adopt golden: ADO-01 adoption-due');
  });
});

describe('nothing is said or done', () => {
  it.each<[string, PlanParts]>([
    ['of an image that no policy means', { images: [anImage({ name: 'silver' })] }],
    ['where no policy adopts', { images: [anImage()], adoptions: [] }],
    ['away from a home', { images: [anImage()], target: ELSEWHERE, homes: [HOME] }],
  ])('%s', (_, parts) => {
    expect(planned(parts)).toEqual({ decisions: [], actions: [] });
  });
});

describe('what somebody else manages is never adopted', () => {
  it.each([
    'aws:dlm:lifecycle-policy-id',
    'aws:backup:source-resource',
    'aws:any',
    'dlm:managed',
    'AWSBackupManagedResource',
    'Ec2ImageBuilderArn',
    'imago:deployment',
    'imago:adopted',
  ])('by its tag %s', (key) => {
    expect(decided({ tags: { [key]: 'x' } })).toBe(
      `image ami-1 ignore golden: ADO-04 managed-by-others ${key}`,
    );
  });

  it.each(['EC2 Image Builder', 'EC2 Fast Launch'])('by its tag CreatedBy=%s', (maker) => {
    expect(decided({ tags: { CreatedBy: maker } })).toBe(
      'image ami-1 ignore golden: ADO-04 managed-by-others CreatedBy',
    );
  });

  it.each(['AwsBackup_i-0aa_5f0a', 'awsbackup_x', 'imago/prod/web/i-0aa/x'])(
    'by its name %s',
    (name) => {
      const adoptions = [anAdoption({ images: { ...anAdoption().images, names: ['*'] } })];

      expect(decided({ name }, { adoptions })).toBe(
        `image ami-1 ignore golden: ADO-04 managed-by-others ${name}`,
      );
    },
  );

  it.each(['my-AwsBackup_i-0aa', 'golden-imago/x'])('but not by the name %s', (name) => {
    const adoptions = [anAdoption({ images: { ...anAdoption().images, names: ['*'] } })];

    expect(decided({ name }, { adoptions })).toBe('image ami-1 adopt golden: ADO-01 adoption-due');
  });

  it('of several marks by the first', () => {
    expect(decided({ tags: { 'imago:source': 'x', 'dlm:managed': '', 'aws:any': 'x' } })).toBe(
      'image ami-1 ignore golden: ADO-04 managed-by-others aws:any',
    );
  });

  it('by the alias of its owner', () => {
    expect(decided({ ownerAlias: 'aws-backup-vault' })).toBe(
      'image ami-1 ignore golden: ADO-04 managed-by-others aws-backup-vault',
    );
  });

  it('though more than one policy would', () => {
    const adoptions = [anAdoption(), anAdoption({ id: 'other' })];

    expect(decided({ tags: { 'dlm:managed': '' } }, { adoptions })).toBe(
      'image ami-1 ignore golden: ADO-04 managed-by-others dlm:managed',
    );
  });

  it.each<Tags>([
    { CreatedBy: 'ops' },
    { 'imago:hold': 'audit' },
    { 'imago:keep': '9y' },
    { 'imago:keep-until': '2099-01-01' },
    { 'my-aws:tag': 'x' },
  ])('but what people wrote is no such mark: %j', (tags) => {
    expect(decided({ tags })).toBe('image ami-1 adopt golden: ADO-01 adoption-due');
  });

  it('a point of ours among it', () => {
    const adoptions = [anAdoption({ images: { ...anAdoption().images, names: ['*'] } })];

    expect(planned({ adoptions, images: [aPoint()] }).actions).toEqual([]);
  });
});

describe('an image that was adopted', () => {
  const adopted = anImage({ tags: marks('web'), snapshots: SNAPSHOTS });
  const snapshot = (id: string, tags: Tags) => ({ id, sizeGiB: 8, startedMs: 0, tags });

  it('is said to be, whether its policy is still there or not', () => {
    const said = ['image ami-1 keep golden: ADO-02 adopted web'];

    expect(planned({ images: [adopted] })).toEqual({ decisions: said, actions: [] });
    expect(planned({ images: [adopted], adoptions: [] })).toEqual({ decisions: said, actions: [] });
  });

  it('has the marks completed on snapshots that were left without them', () => {
    const snapshots = [
      snapshot('snap-1', marks('web')),
      snapshot('snap-2', { ...marks('web'), 'imago:source': 'db' }),
    ];

    expect(planned({ images: [adopted], snapshots })).toEqual({
      decisions: ['image ami-1 adopt golden: ADO-02 adopted web'],
      actions: [
        {
          kind: 'adopt',
          imageId: 'ami-1',
          name: 'golden',
          policyId: 'golden',
          group: 'web',
          resourceIds: ['snap-2'],
          tags: marks('web'),
          reasons: [{ id: 'ADO-02', evidence: 'web' }],
        },
      ],
    });
  });

  it.each([
    ['by another deployment', { 'imago:deployment': 'dev' }, 'imago:adopted'],
    ['at another home', { 'imago:home': '111122223333/eu-west-1' }, 'imago:adopted'],
  ])('%s is somebody else’s', (_, tags, evidence) => {
    expect(decided({ tags: { ...marks('web'), ...tags } })).toBe(
      `image ami-1 ignore golden: ADO-04 managed-by-others ${evidence}`,
    );
  });
});

it('decisions and actions come by id, in whatever order EC2 answers', () => {
  const images = ['ami-3', 'ami-1', 'ami-2'].map((id) => anImage({ id }));

  const { decisions, actions } = planned({ images });

  expect(decisions.map((text) => text.split(' ')[1])).toEqual(['ami-1', 'ami-2', 'ami-3']);
  expect(actions.map(({ imageId }) => imageId)).toEqual(['ami-1', 'ami-2', 'ami-3']);
});

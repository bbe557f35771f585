import { describe, expect, test } from 'vitest';
import type { NextStep } from '../../shared/domain/audit-report.ts';
import { auditOf } from '../../shared/domain/audit.ts';
import { completePart, incompletePart } from '../../shared/domain/model.ts';
import { auditIn } from '../support/audit.ts';
import {
  fleet,
  type InventoryParts,
  inventory,
  launchPermissions,
  OBSERVED_MS,
  seenImage,
  seenInstance,
  seenSnapshot,
} from '../support/inventory.ts';

const AMI = 'ami-00000001';

const PUBLIC = { images: [seenImage({ id: AMI, isPublic: true })] };
const FAILING = { fleets: [fleet({ images: ['ami-0000dead'] })] };
const BARE = { instances: [seenInstance({ id: 'i-0aa', imageId: AMI })] };
const UNREAD = { parameters: incompletePart<never>('no file') };
const FREE = {
  images: [seenImage({ id: AMI, isEncrypted: true })],
  permissions: [launchPermissions({ imageId: AMI })],
};
const ORPHAN = {
  snapshots: [
    seenSnapshot({
      sizeGiB: 50,
      volumeId: 'vol-1',
      description: 'Created by CreateImage(i-0aa) for ami-0000dead',
    }),
  ],
};

const stepsIn = (parts: InventoryParts): readonly NextStep[] =>
  auditIn([inventory(parts)]).nextSteps;

describe('the next steps', () => {
  test('come from what is open and what fails to what has no image, three at most', () => {
    expect(stepsIn({ ...UNREAD, ...ORPHAN, ...BARE, ...FAILING, ...PUBLIC })).toEqual([
      {
        section: 'AUD-06',
        what: 'Anybody can launch ami-00000001: take that back where it is not meant',
        command:
          "aws ec2 modify-image-attribute --region eu-central-1 --image-id ami-00000001 --launch-permission 'Remove=[{Group=all}]'",
      },
      {
        section: 'AUD-05',
        what: 'fleet-1 (active), override will fail to launch: ami-0000dead, image gone',
        command: 'imago explain ami-0000dead',
      },
      {
        section: 'AUD-03',
        what: '1 instance has no image, and it lacks the tag by which the starter policy selects: write the starter policy, then plan with it',
        command: 'imago audit --starter imago.yml',
      },
    ]);
  });

  test.each([
    [['daily', 'daily'], '2 instances have no image: write'],
    [
      ['daily', ''],
      '2 instances have no image, and 1 lack the tag by which the starter policy selects: write',
    ],
    [
      ['', ''],
      '2 instances have no image, and all lack the tag by which the starter policy selects: write',
    ],
  ])('do not offer a policy as the remedy for what it passes over: %j', (backup, said) => {
    const instances = backup.map((value, index) =>
      seenInstance({
        id: `i-0${index}`,
        imageId: AMI,
        tags: value === '' ? {} : { Backup: value },
      }),
    );

    expect(stepsIn({ instances })[0]?.what).toBe(`${said} the starter policy, then plan with it`);
  });

  test('name one of several images that anybody can launch, which is the one of the command', () => {
    const images = [AMI, 'ami-00000002'].map((id) => seenImage({ id, isPublic: true }));
    const [step] = stepsIn({ images });

    expect(step?.what).toContain('Anybody can launch 2 images, such as ami-00000001: ');
    expect(step?.command).toContain('--image-id ami-00000001 ');
  });

  test('then say what costs most', () => {
    expect(stepsIn({ ...ORPHAN, ...FREE })).toEqual([
      {
        section: 'AUD-10',
        what: '1 orphan snapshot costs $2.70 a month at most: look at the oldest',
        command: 'imago explain snap-1',
      },
      {
        section: 'AUD-01',
        what: '1 image that nothing refers to costs $0.43 a month at most: look at the oldest',
        command: 'imago explain ami-00000001',
      },
    ]);
  });

  test('say what is to be read before anything may go that may be in use', () => {
    expect(stepsIn({ ...UNREAD, ...FREE })).toEqual([
      {
        what: 'Nothing can be called unused until it is known: read parameters',
        command: 'imago observe --to observed',
      },
    ]);
  });

  test('say nothing of instances whose images were not all seen', () => {
    const { nextSteps } = auditIn([inventory({ ...BARE, images: incompletePart('cut') })]);

    expect(nextSteps.map(({ section }) => section)).toEqual([undefined]);
  });

  test('tell GiB where no price is known', () => {
    const target = { account: '111122223333', region: 'eu-west-3' };

    expect(stepsIn({ ...FREE, target })[0]?.what).toBe(
      '1 image that nothing refers to holds 8 GiB at most: look at the oldest',
    );
  });

  test('then turn to odd images, foreign software and encryption', () => {
    const others = seenImage({ id: 'ami-00000002', ownerId: '999988887777', isPublic: true });
    const copy = seenImage({ id: AMI, sourceInstanceId: 'i-0aa', deprecatedMs: OBSERVED_MS });
    const steps = stepsIn({
      instances: [
        seenInstance({ id: 'i-0aa', imageId: AMI }),
        seenInstance({ id: 'i-0bb', imageId: 'ami-00000002' }),
      ],
      images: [
        copy,
        seenImage({ id: 'ami-00000003', sourceInstanceId: 'i-0bb', state: 'pending' }),
      ],
      othersImages: [others],
      snapshots: [],
    });

    expect(steps.map(({ section }) => section)).toEqual(['AUD-03', 'AUD-04', 'AUD-09']);
    expect(steps[1]?.what).toBe(
      '1 instance of ami-00000001, which is deprecated: it may not be launched again',
    );
    expect(steps[2]?.what).toBe('1 instance of ami-00000002, community: know whose software it is');
  });

  test('are none where there is nothing to say', () => {
    expect(stepsIn({})).toEqual([]);
  });

  test('let EC2 encrypt where only that is left', () => {
    const images = [seenImage({ id: AMI, sourceInstanceId: 'i-0aa' })];

    expect(stepsIn({ ...BARE, images })).toMatchObject([
      {
        section: 'AUD-08',
        command: 'aws ec2 enable-ebs-encryption-by-default --region eu-central-1',
      },
    ]);
  });

  test('look where the audit looked, and at the policy that it wrote', () => {
    const { nextSteps } = auditOf({
      inventories: [inventory({ ...BARE, ...FAILING, ...UNREAD })],
      nowMs: OBSERVED_MS,
      files: completePart([]),
      words: {
        suffix: ' --from world',
        folder: 'world',
        starter: 'web.yml',
        isStarterWritten: true,
        hasManyHomes: true,
      },
    });

    expect(nextSteps.map(({ command }) => command)).toEqual([
      'imago explain ami-0000dead --from world --home 111122223333/eu-central-1',
      'imago plan --policy web.yml --from world --home 111122223333/eu-central-1',
      'imago observe --to world --region eu-central-1 --overwrite',
    ]);
  });

  test('do not send anybody to read what makes nothing unused', () => {
    expect(stepsIn({ snapshots: incompletePart<never>('no file') })).toEqual([]);
  });
});

describe('what could not be read', () => {
  test('is told once, volumes aside, since no image hangs on them', () => {
    const seen = inventory({ ...UNREAD, volumes: incompletePart('no volumes') });

    expect(auditIn([seen], incompletePart('a.tf: closed')).unknown).toEqual([
      { target: '111122223333/eu-central-1', what: 'parameters', problem: 'no file' },
      { target: '', what: 'referenced-in', problem: 'a.tf: closed' },
    ]);
  });

  test('is about images of others only where something names one that is not seen', () => {
    const unasked = { othersImages: incompletePart<never>('nobody asked') };

    expect(auditIn([inventory(unasked)]).unknown).toEqual([]);
    expect(auditIn([inventory({ ...unasked, ...BARE })]).unknown).toEqual([
      { target: '111122223333/eu-central-1', what: 'used-images', problem: 'nobody asked' },
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import {
  ec2Event,
  MalformedError,
  narrow,
  narrowJson,
  reconcileMessage,
  retireMessage,
  scheduledEvent,
  sqsEvent,
} from '../../shared/config/messages.ts';
import { freeze } from '../support/builders.ts';

const RUN = {
  version: 1,
  target: { account: '111122223333', region: 'eu-central-1' },
  runId: 'slot-2026-11-21T02-00-00Z',
  hop: 0,
};
const RECONCILE = freeze({ ...RUN, kind: 'reconcile', isSweep: true, isTidy: true });
const RETIRE = freeze({ ...RUN, kind: 'retire', spent: { removed: 3, counted: 1 } });

const IMAGE_EVENT = freeze({
  version: '0',
  id: '1',
  source: 'aws.ec2',
  'detail-type': 'EC2 AMI State Change',
  account: '111122223333',
  region: 'eu-central-1',
  time: '2026-11-21T02:20:00Z',
  resources: ['arn:aws:ec2:eu-central-1::image/ami-1'],
  detail: { RequestId: 'r', ImageId: 'ami-1', State: 'available', ErrorMessage: '' },
});
const INSTANCE_EVENT = freeze({
  ...IMAGE_EVENT,
  'detail-type': 'EC2 Instance State-change Notification',
  detail: { 'instance-id': 'i-0aa', state: 'stopped' },
});

const TAG_EVENT = freeze({
  ...IMAGE_EVENT,
  source: 'aws.tag',
  'detail-type': 'Tag Change on Resource',
  resources: ['arn:aws:ec2:eu-central-1:111122223333:instance/i-0aa'],
  detail: {
    'changed-tag-keys': ['Backup', 'gone'],
    service: 'ec2',
    'resource-type': 'instance',
    version: 3,
    tags: { Backup: 'daily', Name: 'web' },
  },
});

const problemOf = (schema: Parameters<typeof narrow>[0], value: unknown): string => {
  try {
    narrow(schema, 'message', value);
  } catch (error) {
    if (error instanceof MalformedError) return error.message;
    throw error;
  }
  return 'accepted';
};

describe("a worker's command", () => {
  it('is read as it was written', () => {
    expect(narrow(reconcileMessage, 'command', RECONCILE)).toEqual(RECONCILE);
    expect(narrowJson(retireMessage, 'command', JSON.stringify(RETIRE))).toEqual(RETIRE);
  });

  it('that was sent by the version before is not one to tidy', () => {
    const { isTidy: _isTidy, ...older } = RECONCILE;

    expect(narrow(reconcileMessage, 'command', older)).toMatchObject({ isTidy: false });
  });

  it.each([
    ['another version', { version: 2 }, 'version'],
    ['another kind', { kind: 'retire' }, 'kind'],
    ['an account that is none', { target: { account: '1', region: 'x' } }, 'target.account'],
    ['no Region', { target: { account: '111122223333', region: '' } }, 'target.region'],
    ['an empty run id', { runId: '' }, 'runId'],
    ['a negative hop', { hop: -1 }, 'hop'],
    ['a hop that is no whole number', { hop: 0.5 }, 'hop'],
    ['a hop beyond any bound', { hop: 1_001 }, 'hop'],
  ])('is refused with %s', (_, parts, field) => {
    expect(problemOf(reconcileMessage, { ...RECONCILE, ...parts })).toMatch(
      new RegExp(`^malformed message: ${field}: `),
    );
  });

  it.each([
    ['what it has removed', { spent: undefined }],
    ['a negative count', { spent: { removed: -1, counted: 0 } }],
    ['only one of the counts', { spent: { removed: 1 } }],
    ['a count that is no number', { spent: { removed: '1', counted: 0 } }],
  ])('to retire is refused with %s missing or wrong', (_, parts) => {
    expect(problemOf(retireMessage, { ...RETIRE, ...parts })).toContain('malformed message: spent');
  });

  it('is refused with anything more than it knows', () => {
    expect(problemOf(reconcileMessage, { ...RECONCILE, force: true })).toContain('force');
    expect(problemOf(reconcileMessage, RETIRE)).not.toBe('accepted');
  });

  it.each([undefined, null, 1, 'reconcile', [], {}])('is refused as %j', (value) => {
    expect(problemOf(reconcileMessage, value)).toContain('malformed message: ');
  });

  it('is refused as a text that is no JSON', () => {
    expect(() => narrowJson(reconcileMessage, 'command', '{')).toThrow(MalformedError);
    expect(() => narrowJson(reconcileMessage, 'command', '{')).toThrow(
      /^malformed command: no JSON: /,
    );
  });
});

describe("EC2's events", () => {
  it('of an image are narrowed to what matters', () => {
    expect(narrow(ec2Event, 'event', IMAGE_EVENT)).toEqual({
      kind: 'image',
      place: { account: '111122223333', region: 'eu-central-1' },
      imageId: 'ami-1',
      state: 'available',
    });
  });

  it('of an instance are narrowed to what matters', () => {
    expect(narrow(ec2Event, 'event', INSTANCE_EVENT)).toEqual({
      kind: 'instance',
      place: { account: '111122223333', region: 'eu-central-1' },
      instanceId: 'i-0aa',
      state: 'stopped',
    });
  });

  it('of changed tags are narrowed to what matters', () => {
    const tags = {
      kind: 'tags',
      place: { account: '111122223333', region: 'eu-central-1' },
      instanceId: 'i-0aa',
      changedKeys: ['Backup', 'gone'],
      tags: { Backup: 'daily', Name: 'web' },
    };

    expect(narrow(ec2Event, 'event', TAG_EVENT)).toEqual(tags);
    const inChina = ['arn:aws-cn:ec2:cn-north-1:111122223333:instance/i-0aa'];
    expect(narrow(ec2Event, 'event', { ...TAG_EVENT, resources: inChina })).toEqual(tags);
  });

  it.each([
    ['another source', { ...IMAGE_EVENT, source: 'my.app' }],
    ['another source of tags', { ...TAG_EVENT, source: 'aws.ec2' }],
    ['tags of an image', { ...TAG_EVENT, resources: ['arn:aws:ec2:eu-central-1::image/ami-1'] }],
    ['tags of nothing', { ...TAG_EVENT, resources: [] }],
    ['tags that are not told', { ...TAG_EVENT, detail: { 'changed-tag-keys': ['Backup'] } }],
    ['changes that are not told', { ...TAG_EVENT, detail: { tags: {} } }],
    ['another detail type', { ...IMAGE_EVENT, 'detail-type': 'EC2 Fleet State Change' }],
    ['keys in small letters', { ...IMAGE_EVENT, detail: { imageId: 'ami-1', state: 'failed' } }],
    ['an id of something else', { ...IMAGE_EVENT, detail: { ImageId: 'i-1', State: 'failed' } }],
    ['a state that nobody knows', { ...IMAGE_EVENT, detail: { ImageId: 'ami-1', State: 'sold' } }],
    ['no detail', { ...INSTANCE_EVENT, detail: {} }],
    ['no account', { ...INSTANCE_EVENT, account: '' }],
    ['nothing', {}],
  ])('are refused with %s', (_, event) => {
    expect(problemOf(ec2Event, event)).toBe(
      'malformed message: expected an EC2 AMI State Change, an EC2 Instance State-change Notification or a Tag Change on Resource of an instance',
    );
  });
});

describe("the schedule's event", () => {
  it('is the instant that it was meant for', () => {
    const event = { 'detail-type': 'Scheduled Event', time: '2026-11-21T02:00:00Z', account: '1' };

    expect(narrow(scheduledEvent, 'event', event)).toEqual({ atMs: 1_795_226_400_000 });
  });

  it.each([
    ['no time', { 'detail-type': 'Scheduled Event' }],
    ['a time that is none', { 'detail-type': 'Scheduled Event', time: 'now' }],
    ['another detail type', { 'detail-type': 'Other', time: '2026-11-21T02:00:00Z' }],
  ])('is refused with %s', (_, event) => {
    expect(problemOf(scheduledEvent, event)).toContain('malformed message: ');
  });
});

describe("SQS's batches", () => {
  const RECORD = {
    messageId: 'm-1',
    body: '{}',
    attributes: { ApproximateReceiveCount: '2', MessageGroupId: '111122223333/eu-central-1' },
    receiptHandle: 'r',
  };

  it('are narrowed to what a worker looks at', () => {
    expect(narrow(sqsEvent, 'event', { Records: [RECORD] })).toEqual({
      Records: [
        {
          messageId: 'm-1',
          body: '{}',
          attributes: { ApproximateReceiveCount: '2', MessageGroupId: '111122223333/eu-central-1' },
        },
      ],
    });
  });

  it.each([
    ['no records', { Records: [] }],
    ['a record without its id', { Records: [{ ...RECORD, messageId: undefined }] }],
    ['a record without a body', { Records: [{ ...RECORD, body: undefined }] }],
    [
      'a receive count that is none',
      { Records: [{ ...RECORD, attributes: { ApproximateReceiveCount: 'x' } }] },
    ],
  ])('are refused with %s', (_, event) => {
    expect(problemOf(sqsEvent, event)).toContain('malformed message: Records');
  });
});

import { describe, expect, test } from 'vitest';
import { createThrottle, type Throttle } from '../../simulator/kernel/throttle.ts';
import { ApiError, type Call } from '../../simulator/wire/api.ts';

const START_MS = Date.UTC(2026, 10, 21, 3);

interface Place {
  readonly account?: string;
  readonly region?: string;
}

/** A throttle in which time stands still until it is moved on. */
const createBench = () => {
  let nowMs = START_MS;
  const throttle = createThrottle({ nowMs: () => nowMs });
  const callFrom = ({ account = '111122223333', region = 'eu-central-1' }: Place): Call => ({
    account,
    region,
    nowMs,
    requestId: 'req-1',
  });
  /** The error's code, or `admitted`. */
  const ask = (action: string, input: unknown = {}, place: Place = {}, service = 'ec2'): string =>
    codeOf(() => {
      throttle.admit(service, action, input, callFrom(place));
    });
  /** How many calls of one instant are admitted, of at most 1,100. */
  const burst = (action: string, input: unknown = {}, place: Place = {}): number => {
    for (let calls = 0; calls < 1_100; calls += 1) {
      if (ask(action, input, place) !== 'admitted') return calls;
    }
    return 1_100;
  };
  return {
    throttle,
    ask,
    burst,
    pass: (delayMs: number) => {
      nowMs += delayMs;
    },
  };
};

const codeOf = (deed: () => void): string => {
  try {
    deed();
    return 'admitted';
  } catch (error) {
    if (error instanceof ApiError) return error.code;
    throw error;
  }
};

const PAGE = { MaxResults: 1_000 };

describe('the bucket of an action', () => {
  // As published: bucket maximum capacity, and the time in which one token comes back.
  test.each([
    ['CreateImage', {}, 50, 200],
    ['RegisterImage', {}, 50, 200],
    ['DisableImage', {}, 50, 200],
    ['CopyImage', {}, 100, 1_000],
    ['DeregisterImage', {}, 100, 200],
    ['DeleteSnapshot', {}, 100, 200],
    ['ModifyImageAttribute', {}, 100, 200],
    ['CreateTags', {}, 100, 100],
    ['DescribeImages', {}, 100, 50],
    ['DescribeLaunchTemplateVersions', {}, 100, 50],
    ['GetInstanceUefiData', {}, 100, 50],
    ['DescribeInstances', PAGE, 100, 50],
    ['DescribeStoreImageTasks', {}, 50, 2_000],
    ['CreateStoreImageTask', {}, 50, 10_000],
    ['StartInstances', { InstanceIds: ['i-1'] }, 5, 500],
    ['StopInstances', { InstanceIds: ['i-1'] }, 50, 200],
    ['TerminateInstances', { InstanceIds: ['i-1'] }, 100, 200],
  ])('%s %j: %i calls in one instant, one more every %i ms', (action, input, capacity, perMs) => {
    const { burst, ask, pass } = createBench();

    expect(burst(action, input)).toBe(capacity);
    pass(perMs - 1);
    expect(ask(action, input)).toBe('RequestLimitExceeded');
    pass(1);
    expect(ask(action, input)).toBe('admitted');
    expect(ask(action, input)).toBe('RequestLimitExceeded');
  });

  test('fills up with time, and never beyond its capacity', () => {
    const { burst, pass } = createBench();
    burst('CreateImage');

    pass(2_000);
    expect(burst('CreateImage')).toBe(10);
    pass(3_600_000);
    expect(burst('CreateImage')).toBe(50);
  });

  test('is of its own for each account, Region and action', () => {
    const { burst } = createBench();
    burst('CreateImage');

    expect(burst('CreateImage', {}, { account: '444455556666' })).toBe(50);
    expect(burst('CreateImage', {}, { region: 'eu-west-1' })).toBe(50);
    expect(burst('EnableImage')).toBe(50);
    expect(burst('CreateImage')).toBe(0);
  });
});

describe('a call beyond the bucket', () => {
  test("is refused with EC2's own words and status", () => {
    const { burst, throttle } = createBench();
    burst('CreateImage');
    const call: Call = {
      account: '111122223333',
      region: 'eu-central-1',
      nowMs: START_MS,
      requestId: 'req-1',
    };

    expect(() => {
      throttle.admit('ec2', 'CreateImage', {}, call);
    }).toThrow(
      expect.objectContaining({
        code: 'RequestLimitExceeded',
        message: 'Request limit exceeded.',
        status: 503,
      }),
    );
  });

  test('takes nothing: the next is admitted when its token is there, however many were refused', () => {
    const { burst, ask, pass } = createBench();
    burst('CopyImage');
    for (let refused = 0; refused < 50; refused += 1) ask('CopyImage');

    pass(1_000);

    expect(ask('CopyImage')).toBe('admitted');
  });
});

describe('a describe without filter and page', () => {
  test.each(['DescribeInstances', 'DescribeSnapshots', 'DescribeVolumes'])(
    '%s draws from a smaller bucket, which is beside the larger one',
    (action) => {
      const { burst, ask, pass } = createBench();

      expect(burst(action, { InstanceIds: ['i-1'] })).toBe(50);
      pass(99);
      expect(ask(action)).toBe('RequestLimitExceeded');
      pass(1);
      expect(ask(action)).toBe('admitted');
      expect(burst(action, { Filters: [{ Name: 'tag-key', Values: ['Backup'] }] })).toBe(100);
      expect(burst(action, { NextToken: 'page-2' })).toBe(0);
    },
  );

  test('DescribeImages has no smaller bucket', () => {
    const { burst } = createBench();

    expect(burst('DescribeImages')).toBe(100);
    expect(burst('DescribeImages', PAGE)).toBe(0);
  });
});

describe('an action on instances', () => {
  const some = (count: number) =>
    Array.from({ length: count }, (_, index) => `i-${index.toString(16)}`);

  test.each([
    ['RunInstances', (count: number) => ({ MinCount: 1, MaxCount: count }), 2],
    ['StartInstances', (count: number) => ({ InstanceIds: some(count) }), 2],
    ['StopInstances', (count: number) => ({ InstanceIds: some(count) }), 20],
    ['TerminateInstances', (count: number) => ({ InstanceIds: some(count) }), 20],
  ])('%s pays for each of them: 1,000 at once, then its refill', (action, of, perSecond) => {
    const { ask, pass } = createBench();

    expect(ask(action, of(1_001))).toBe('RequestLimitExceeded');
    expect(ask(action, of(1_000))).toBe('admitted');
    expect(ask(action, of(1))).toBe('RequestLimitExceeded');
    pass(1_000);
    expect(ask(action, of(perSecond + 1))).toBe('RequestLimitExceeded');
    expect(ask(action, of(perSecond))).toBe('admitted');
  });

  test('takes from neither bucket when one of them has too little', () => {
    const { ask, burst } = createBench();
    ask('RunInstances', { MinCount: 1, MaxCount: 999 }); // one resource and four requests are left

    for (let refused = 0; refused < 9; refused += 1) ask('RunInstances', { MaxCount: 2 });

    expect(ask('RunInstances', { MaxCount: 1 })).toBe('admitted');
    expect(burst('RunInstances', { DryRun: true, MaxCount: 1 })).toBe(3); // a dry run launches none
  });
});

describe('what is not throttled', () => {
  test.each([
    ['sqs', 'SendMessageBatch'],
    ['events', 'PutEvents'],
    ['ssm', 'GetParameter'],
    ['sts', 'AssumeRole'],
  ])('%s %s: no bucket', (service, action) => {
    const { ask, throttle } = createBench();

    const answers = Array.from({ length: 1_000 }, () => ask(action, {}, {}, service));

    expect(new Set(answers)).toEqual(new Set(['admitted']));
    expect(throttle.state()).toEqual({});
  });
});

describe('the state of a throttle', () => {
  const later = (throttle: Throttle, nowMs: number): Throttle => {
    const other = createThrottle({ nowMs: () => nowMs });
    other.restore(JSON.parse(JSON.stringify(throttle.state())) as ReturnType<Throttle['state']>);
    return other;
  };

  test('is plain JSON by account, Region and action, and goes on where it was', () => {
    const { burst, throttle } = createBench();
    burst('CreateImage');

    const call = { account: '111122223333', region: 'eu-central-1', nowMs: 0, requestId: 'req-2' };
    const onceAt = (nowMs: number) =>
      codeOf(() => {
        later(throttle, nowMs).admit('ec2', 'CreateImage', {}, call);
      });

    expect(throttle.state()).toEqual({
      '111122223333 eu-central-1 CreateImage requests': { tokens: 0, atMs: START_MS },
    });
    expect(onceAt(START_MS + 199)).toBe('RequestLimitExceeded');
    expect(onceAt(START_MS + 200)).toBe('admitted');
  });

  test('replaces what was there', () => {
    const { burst, throttle } = createBench();
    burst('CreateImage');

    throttle.restore({});

    expect(burst('CreateImage')).toBe(50);
  });
});

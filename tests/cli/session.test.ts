import { describe, expect, test } from 'vitest';
import type { Access } from '../../cli/surroundings.ts';
import { type Reach, openSession } from '../../cli/session.ts';
import { CALLER, createStage, HOME, type Stage } from './fixture.ts';

const REACH: Reach = {
  home: HOME,
  calls: [
    ['ec2', HOME],
    ['ec2', 'eu-west-1'],
    ['events', HOME],
  ],
};

const open = (stage: Stage): Promise<unknown> =>
  stage.run((surroundings) => openSession(surroundings, REACH));

const problemOf = async (promise: Promise<unknown>): Promise<string> => {
  const error: unknown = await promise.catch((thrown: unknown) => thrown);
  if (error instanceof Error) return `${error.name}: ${error.message}`;
  throw new Error('nothing was thrown');
};

const MINUTE_MS = 60_000;

describe('the clock of this machine', () => {
  const withSkew = (skewMs: number): Stage =>
    createStage({ access: { caller: () => Promise.resolve({ ...CALLER, skewMs }) } });

  test.each([
    [30 * 24 * 60 * MINUTE_MS, '30 days ahead of', '2026-10-04T02:10:00.000Z'],
    [-3 * 60 * MINUTE_MS, '3 hours behind', '2026-11-03T05:10:00.000Z'],
    [121_000, '2 minutes ahead of', '2026-11-03T02:07:59.000Z'],
  ])('is refused %i ms off, after the account was said', async (skewMs, off, there) => {
    const stage = withSkew(skewMs);

    expect(await problemOf(open(stage))).toBe(
      `RefusedError: the clock of this machine is ${off} that of STS ` +
        `(2026-11-03T02:10:00.000Z here, ${there} there): set it right\nNothing was changed.`,
    );
    expect(stage.screen.stderr.at(-1)).toMatch(/^account {3}111122223333 /);
    expect(stage.calls).toEqual([]);
  });

  test.each([120_000, -120_000, 0])('is good enough %i ms off', async (skewMs) => {
    await expect(open(withSkew(skewMs))).resolves.toMatchObject({ home: { region: HOME } });
  });
});

describe('endpoints of EC2 and STS', () => {
  const at = (endpoints: Readonly<Record<string, string>>) => {
    const asked: string[] = [];
    const access: Partial<Access> = {
      endpoint: (service, region) =>
        Promise.resolve(endpoints[`${service} ${region}`] ?? endpoints[service] ?? 'http://none'),
      caller: (region) => {
        asked.push(region);
        return Promise.resolve(CALLER);
      },
    };
    return { stage: createStage({ access }), asked };
  };

  test.each([
    ['http://127.0.0.1:4599', 'https://sts.eu-central-1.amazonaws.com'],
    ['https://ec2.eu-central-1.amazonaws.com', 'http://127.0.0.1:4599'],
    ['http://127.0.0.1:4599', 'http://127.0.0.1:4600'],
    ['http://127.0.0.1', 'https://127.0.0.1'],
    ['https://ec2.amazonaws.com.example.org', 'https://sts.eu-central-1.amazonaws.com'],
    ['https://myamazonaws.com', 'https://sts.eu-central-1.amazonaws.com'],
  ])('are refused as two clouds at %s and %s, and nobody is asked', async (ec2, sts) => {
    const { stage, asked } = at({ ec2, sts });

    expect(await problemOf(open(stage))).toBe(
      `RefusedError: EC2 would be called at ${ec2}, but STS, which names the account, at ${sts}: ` +
        'set AWS_ENDPOINT_URL for both of them or for neither\nNothing was changed.',
    );
    expect(asked).toEqual([]);
  });

  test('are refused when one Region alone has its EC2 elsewhere', async () => {
    const { stage } = at({
      ec2: 'http://127.0.0.1:4599',
      sts: 'http://127.0.0.1:4599',
      'ec2 eu-west-1': 'https://ec2.eu-west-1.amazonaws.com',
    });

    expect(await problemOf(open(stage))).toContain('at https://ec2.eu-west-1.amazonaws.com, but');
  });

  test.each([
    ['autoscaling', 'Auto Scaling'],
    ['ssm', 'SSM'],
  ] as const)(
    'are refused when %s, which tells who uses an image, is elsewhere',
    async (service, name) => {
      const { stage, asked } = at({
        ec2: 'http://127.0.0.1:4599',
        sts: 'http://127.0.0.1:4599',
        [service]: 'http://127.0.0.1:4600',
      });
      const calls = [
        ['ec2', HOME],
        [service, HOME],
      ] as const;

      const opened = stage.run((surroundings) => openSession(surroundings, { home: HOME, calls }));

      await expect(opened).rejects.toThrow(
        `${name} would be called at http://127.0.0.1:4600, but STS`,
      );
      expect(asked).toEqual([]);
    },
  );

  test.each([
    ['http://127.0.0.1:4599/ec2', 'http://127.0.0.1:4599'],
    ['https://vpce-1.ec2.eu-central-1.vpce.amazonaws.com', 'https://sts.amazonaws.com'],
    ['https://ec2.eu-central-1.api.aws', 'https://sts.eu-central-1.amazonaws.com'],
    ['https://ec2.cn-north-1.amazonaws.com.cn', 'https://sts.cn-north-1.amazonaws.com.cn'],
    [
      'https://ec2.cn-north-1.api.amazonwebservices.com.cn',
      'https://sts.cn-north-1.amazonaws.com.cn',
    ],
  ])('are one cloud at %s and %s', async (ec2, sts) => {
    await expect(open(at({ ec2, sts }).stage)).resolves.toMatchObject({ caller: CALLER });
  });
});

/** The embedded cloud behind its port: time that follows real time, and the path that AWS has not. */
import { beforeEach, describe, expect, test } from 'vitest';
import { answerAdmin } from '../../cli/cloud-admin.ts';
import { LiveCloud } from '../../cli/live-cloud.ts';
import type { Clock } from '../../shared/loop/ports.ts';

const START = '2026-11-21T12:00:00.000Z';
const ACCOUNT = '111122223333';
const HOME = 'eu-central-1';

let realMs = 0;

/** Real time, which goes by only when somebody waits. */
const real: Clock = {
  nowMs: () => realMs,
  sleep: (delayMs) => {
    realMs += delayMs;
    return Promise.resolve();
  },
};

const aCloud = (profile: 'calm' | 'real' = 'calm', seed = 7): LiveCloud =>
  new LiveCloud(real, { profile, seed, endpoint: () => 'http://127.0.0.1:4599' });

const ask = async (live: LiveCloud, method: string, name: string, body?: unknown) => {
  const { status, body: text } = await answerAdmin(live, {
    method,
    path: `/_imago/${name}`,
    query: new URLSearchParams(),
    body: body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status, value: JSON.parse(text) as Record<string, unknown> };
};

const errorOf = async (live: LiveCloud, method: string, name: string, body: unknown) => {
  const { status, value } = await ask(live, method, name, body);
  return { status, error: String(value['error']) };
};

const imagesOf = ({ cloud }: LiveCloud) =>
  cloud.ec2.DescribeImages({ Owners: ['self'] }, cloud.callAs(ACCOUNT, HOME)).Images ?? [];

const anInstance = async (live: LiveCloud): Promise<string> => {
  const { value } = await ask(live, 'POST', 'fleet', { instances: 1 });
  const [{ instanceId }] = value['instances'] as [{ instanceId: string }];
  return instanceId;
};

const anImage = ({ cloud }: LiveCloud, instanceId: string): string =>
  cloud.ec2.CreateImage({ InstanceId: instanceId, Name: 'one' }, cloud.callAs(ACCOUNT, HOME))
    .ImageId ?? '';

beforeEach(() => {
  realMs = Date.parse(START);
});

describe('time', () => {
  test('follows real time', async () => {
    const live = aCloud();
    realMs += 90_000;
    await live.catchUp();

    expect((await ask(live, 'GET', 'clock')).value).toEqual({ now: '2026-11-21T12:01:30.000Z' });
  });

  test('is moved on by a duration, and what is due until then happens', async () => {
    const live = aCloud('real');
    live.cloud.behave({ imageFailure: 0 });
    anImage(live, await anInstance(live));

    expect(imagesOf(live).map(({ State }) => State)).toEqual([]);
    const moved = await ask(live, 'POST', 'clock', { advance: '1h' });

    expect(moved).toEqual({ status: 200, value: { now: '2026-11-21T13:00:00.000Z' } });
    expect(imagesOf(live).map(({ State }) => State)).toEqual(['available']);
  });

  test('is moved on to an instant, and goes on from there', async () => {
    const live = aCloud();
    await ask(live, 'POST', 'clock', { to: '2026-12-01T00:00:00Z' });
    realMs += 1_000;
    await live.catchUp();

    expect((await ask(live, 'GET', 'clock')).value).toEqual({ now: '2026-12-01T00:00:01.000Z' });
  });

  test('is not moved back', async () => {
    const live = aCloud();
    const { status, error } = await errorOf(live, 'POST', 'clock', { to: '2026-11-20T00:00:00Z' });

    expect(status).toBe(409);
    expect(error).toBe(
      '2026-11-20T00:00:00.000Z is in the past of this cloud, where it is ' +
        '2026-11-21T12:00:00.000Z: time only goes on. To begin anew, reset it or load a world.',
    );
    expect((await ask(live, 'GET', 'clock')).value).toEqual({ now: START });
  });

  test('is moved on by seconds too', async () => {
    expect((await ask(aCloud(), 'POST', 'clock', { advance: '90s' })).value).toEqual({
      now: '2026-11-21T12:01:30.000Z',
    });
  });

  test('goes by while a call is on its way, as the manners have it', async () => {
    const live = aCloud();
    await ask(live, 'PATCH', 'manners', { callLatencyMs: { min: 700, max: 700 } });
    await live.travel();

    expect(live.cloud.clock.nowMs()).toBe(Date.parse('2026-11-21T12:00:00.700Z'));
  });

  test('goes on after a defect, which is told to whoever moved it', async () => {
    const live = aCloud();
    live.cloud.clock.at(Date.parse(START) + 1_000, () => {
      throw new Error('a defect');
    });
    realMs += 2_000;

    await expect(live.catchUp()).rejects.toThrow('a defect');
    await live.catchUp();
    expect((await ask(live, 'GET', 'clock')).value).toEqual({ now: '2026-11-21T12:00:02.000Z' });
  });

  test('is waited for by a client that waits', async () => {
    const live = aCloud();
    await live.sleep(1_500);

    expect(live.cloud.clock.nowMs()).toBe(Date.parse('2026-11-21T12:00:01.500Z'));
  });
});

describe('the world', () => {
  test('has public images and nothing else to begin with', () => {
    const live = aCloud();
    const { cloud } = live;
    const everyones = cloud.ec2.DescribeImages({}, cloud.callAs(ACCOUNT, 'sa-east-1')).Images ?? [];

    expect(everyones).toHaveLength(8);
    expect(everyones.every((image) => image.Public === true)).toBe(true);
    expect(imagesOf(live)).toEqual([]);
  });

  test('has its public images at once, however far reads lag behind writes', () => {
    const { cloud } = aCloud('real');

    expect(cloud.ec2.DescribeImages({}, cloud.callAs(ACCOUNT, 'sa-east-1')).Images).toHaveLength(8);
    expect(cloud.manners().readLagMs.max).toBe(3_000);
  });

  test('lets go of a client that waits in it when it is replaced', async () => {
    const live = aCloud();
    const { cloud } = live;
    const waiting = live.sleep(20_000);
    await ask(live, 'POST', 'reset');
    await waiting;
    await live.catchUp();

    expect(live.cloud).not.toBe(cloud);
    expect(cloud.clock.nowMs()).toBeGreaterThanOrEqual(Date.parse(START) + 20_000);
  });

  test('is reset to what its seed gives', async () => {
    const live = aCloud();
    const first = await anInstance(live);
    await ask(live, 'POST', 'reset');
    const again = await anInstance(live);
    await ask(live, 'POST', 'reset', { seed: 8, profile: 'real' });

    expect(again).toBe(first);
    expect(await anInstance(live)).not.toBe(first);
    expect(live.cloud.manners().buckets).toBe('published');
  });

  test('goes on where it was saved, with what was under way', async () => {
    const live = aCloud('real');
    live.cloud.behave({ imageFailure: 0 });
    const imageId = anImage(live, await anInstance(live));
    const saved = live.save();
    await ask(live, 'POST', 'clock', { advance: '1d' });

    const other = aCloud();
    const loaded = await ask(other, 'PUT', 'world', saved);
    expect(loaded).toEqual({ status: 200, value: { seed: 7, now: START } });
    expect(imagesOf(other)).toEqual([]);
    await ask(other, 'POST', 'clock', { advance: '1d' });

    expect(imagesOf(other)).toEqual(imagesOf(live));
    expect(imagesOf(other).map(({ ImageId }) => ImageId)).toEqual([imageId]);
  });

  test('stays as it is when what comes is no world', async () => {
    const live = aCloud();
    const instanceId = await anInstance(live);
    const saved = live.save();
    const cut = await errorOf(live, 'PUT', 'world', saved.slice(0, saved.length / 2));
    const later = saved
      .replace('"version":1', '"version":2')
      .replace('"version": 1', '"version": 2');
    const strange = await errorOf(live, 'PUT', 'world', later);

    expect(cut.status).toBe(400);
    expect(strange.status).toBe(400);
    expect(strange.error).toContain('version');
    expect(live.cloud.ec2Core.store(HOME).instances.has(instanceId)).toBe(true);
  });
});

describe('manners and faults', () => {
  test('are changed by name, and read', async () => {
    const live = aCloud();
    const { value } = await ask(live, 'PATCH', 'manners', { imageFailure: 1 });

    expect(value['imageFailure']).toBe(1);
    expect((await ask(live, 'GET', 'manners')).value['imageFailure']).toBe(1);
  });

  test('are injected and withdrawn', async () => {
    const live = aCloud();
    const [ec2] = live.cloud.services;
    const describeImages = (): unknown =>
      ec2?.operations['DescribeImages']?.answer({}, live.cloud.callAs(ACCOUNT, HOME));
    await ask(live, 'POST', 'faults', { action: 'DescribeImages', code: 'Unavailable' });

    expect(describeImages).toThrow('Injected: Unavailable');
    const typo = await errorOf(live, 'POST', 'faults', { action: 'DescribeImage', code: 'X' });
    expect(typo).toEqual({
      status: 400,
      error: 'action: DescribeImage is not served by any service here',
    });
    await ask(live, 'DELETE', 'faults');
    expect(describeImages).not.toThrow();
  });
});

describe('a request that cannot be used', () => {
  test.each([
    ['POST', 'clock', '{', 400, 'the body is no JSON'],
    ['POST', 'clock', {}, 400, 'expected either advance, such as 6h, or to, such as 2026-12-01'],
    [
      'POST',
      'clock',
      { advance: '6 hours' },
      400,
      'advance: expected whole numbers with w, d, h or min',
    ],
    [
      'POST',
      'clock',
      { to: 'tomorrow' },
      400,
      'expected either advance, such as 6h, or to, such as',
    ],
    ['POST', 'reset', { seed: -1 }, 400, 'Too small'],
    ['POST', 'reset', { profile: 'wild' }, 400, 'Invalid option'],
    ['POST', 'fleet', { account: '12' }, 400, 'expected twelve digits'],
    ['POST', 'fleet', { region: 'Mars' }, 400, 'expected a Region such as eu-central-1'],
    ['POST', 'faults', { action: 'CopyImage' }, 400, 'code'],
    ['PATCH', 'manners', { imageFailur: 1 }, 400, 'imageFailur: no manner is called that'],
    ['GET', 'nothing', undefined, 404, 'GET /_imago/nothing is not known here. There is: '],
  ])('%s %s %j has its own error', async (method, name, body, status, error) => {
    const live = aCloud();
    const found = await errorOf(live, method, name, body);

    expect(found.status).toBe(status);
    expect(found.error).toContain(error);
    expect((await ask(live, 'GET', 'clock')).value).toEqual({ now: START });
  });
});

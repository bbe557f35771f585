import type { GetParameterResult } from '@aws-sdk/client-ssm';
import { describe, expect, it } from 'vitest';
import { createCloud } from '../../simulator/cloud.ts';
import { VirtualClock } from '../../simulator/clock.ts';
import { createRandom } from '../../simulator/random.ts';
import type { CloudEvent } from '../../simulator/services/events/event.ts';
import { seedPublicImages } from '../../simulator/world/base-images.ts';
import { ACCOUNT, createBench, describeImage, HOME, makeImage, MINUTE, SECOND } from './fixture.ts';
import { askOf, refusalOf } from './services.ts';

const anSsm = () => {
  const bench = createBench();
  const { cloud } = bench;
  const ask = askOf(cloud, 'ssm');
  const heard: CloudEvent[] = [];
  cloud.events.putRule({
    account: ACCOUNT,
    region: HOME,
    bus: 'default',
    name: 'listener',
    pattern: { source: ['aws.ssm'] },
    deliver: (event) => heard.push(event as CloudEvent),
  });
  const put = (Value: string, more: object = {}) =>
    ask('PutParameter', {
      Name: '/golden/ami',
      Value,
      Type: 'String',
      DataType: 'aws:ec2:image',
      ...more,
    });
  const value = () =>
    ask<GetParameterResult>('GetParameter', { Name: '/golden/ami' }).Parameter?.Value;
  return { ...bench, ask, heard, put, value, details: () => heard.map(({ detail }) => detail) };
};

describe('a parameter of an image', () => {
  it('is there only after the image was seen, though the call has answered before', async () => {
    const { put, value, pass, details, ...bench } = anSsm();
    const imageId = makeImage({ pass, ...bench }, 'one');
    await pass(5 * MINUTE);
    expect(put(imageId)).toEqual({ Version: 1, Tier: 'Standard' });
    expect(refusalOf(value)).toBe('ParameterNotFound: ');
    await pass(2 * SECOND);
    expect(value()).toBe(imageId);
    await pass(SECOND);
    expect(details()).toEqual([
      { dataType: 'aws:ec2:image', name: '/golden/ami', type: 'String', operation: 'Create' },
    ]);
  });

  it.each([
    ['of no image', () => 'ami-0123456789abcdef0'],
    ['that is no id', () => 'golden'],
    [
      'of an image that is not ready',
      (bench: ReturnType<typeof createBench>) => makeImage(bench, 'one'),
    ],
  ])('keeps its value when it is given one %s, and an event says why', async (_, valueFor) => {
    const { put, value, pass, details, ...bench } = anSsm();
    const good = makeImage({ pass, ...bench }, 'good');
    await pass(5 * MINUTE);
    put(good);
    await pass(MINUTE);
    expect(put(valueFor({ pass, ...bench }), { Overwrite: true })).toEqual({
      Version: 2,
      Tier: 'Standard',
    });
    await pass(3 * SECOND);
    expect(value()).toBe(good);
    expect(details()[1]).toEqual({
      exception: 'Unable to Describe Resource',
      dataType: 'aws:ec2:image',
      name: '/golden/ami',
      type: 'String',
      operation: 'Update',
    });
  });

  it('is a text, and no list', () => {
    const { put } = anSsm();
    expect(refusalOf(() => put('ami-1', { Type: 'StringList' }))).toBe(
      'ValidationException: The data type aws:ec2:image is only supported for parameters of the type String.',
    );
  });

  it('is found by its image', async () => {
    const { put, pass, cloud, ...bench } = anSsm();
    const imageId = makeImage({ pass, cloud, ...bench }, 'one');
    await pass(5 * MINUTE);
    put(imageId);
    await pass(MINUTE);
    const place = { account: ACCOUNT, region: HOME };
    expect(cloud.parameters.namesOfImage(imageId, place)).toEqual(['/golden/ami']);
    expect(cloud.parameters.namesOfImage('ami-other', place)).toEqual([]);
  });

  it('is resolved for EC2, by version and label as well', async () => {
    const { ask, put, pass, cloud, home, ...bench } = anSsm();
    const images = ['one', 'two'].map((name) => makeImage({ pass, cloud, home, ...bench }, name));
    await pass(5 * MINUTE);
    put(images[0] ?? '');
    await pass(MINUTE);
    put(images[1] ?? '', { Overwrite: true });
    await pass(MINUTE);
    ask('LabelParameterVersion', { Name: '/golden/ami', ParameterVersion: 1, Labels: ['old'] });
    const resolved = (name: string) => cloud.parameters.resolve(name, home());
    expect(
      ['/golden/ami', '/golden/ami:1', '/golden/ami:old', '/golden/none'].map(resolved),
    ).toEqual([images[1], images[0], images[0], undefined]);
  });

  it('is validated after all when the world was saved and loaded meanwhile', async () => {
    const { put, pass, cloud, ...bench } = anSsm();
    const imageId = makeImage({ pass, cloud, ...bench }, 'one');
    await pass(5 * MINUTE);
    put(imageId);
    const saved = structuredClone(cloud.save());
    const clock = new VirtualClock(saved.nowMs);
    const loaded = createCloud({ clock, random: createRandom(1) });
    loaded.load(saved);
    await clock.runUntil(saved.nowMs + MINUTE);
    expect(askOf(loaded, 'ssm')('GetParameter', { Name: '/golden/ami' })).toMatchObject({
      Parameter: { Value: imageId, Version: 1 },
    });
  });
});

describe('changes of parameters', () => {
  it('are announced, labels and deletions too', async () => {
    const { ask, pass, heard, details } = anSsm();
    ask('PutParameter', { Name: 'a', Value: 'x', Type: 'String', Description: 'd' });
    await pass(SECOND);
    ask('PutParameter', { Name: 'a', Value: 'y', Overwrite: true });
    await pass(SECOND);
    ask('LabelParameterVersion', { Name: 'a', Labels: ['prod'] });
    await pass(SECOND);
    ask('DeleteParameter', { Name: 'a' });
    await pass(SECOND);
    const common = { name: 'a', type: 'String', description: 'd' };
    expect(details()).toEqual(
      ['Create', 'Update', 'LabelParameterVersion', 'Delete'].map((operation) => ({
        ...common,
        operation,
      })),
    );
    expect(heard[0]).toMatchObject({
      source: 'aws.ssm',
      'detail-type': 'Parameter Store Change',
      resources: ['arn:aws:ssm:eu-central-1:111122223333:parameter/a'],
    });
  });
});

describe('public parameters', () => {
  it.each([
    ['/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64', 'al2023-ami-2023.'],
    [
      '/aws/service/ami-windows-latest/Windows_Server-2025-English-Full-Base',
      'Windows_Server-2025',
    ],
    [
      '/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id',
      'ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04',
    ],
  ])('%s names an image of the Region', (Name, imageName) => {
    const bench = createBench();
    seedPublicImages(bench.cloud, [HOME]);
    const { Parameter } = askOf(bench.cloud, 'ssm')<GetParameterResult>('GetParameter', { Name });
    expect(Parameter).toMatchObject({ Name, DataType: 'aws:ec2:image', Version: 1 });
    expect(Parameter?.ARN).toBe(`arn:aws:ssm:eu-central-1::parameter${Name}`);
    expect(describeImage(bench, Parameter?.Value ?? '')?.Name).toContain(imageName);
  });

  it('are listed by their path, and are not there without an image', () => {
    const { cloud } = createBench();
    const ask = askOf(cloud, 'ssm');
    const Path = '/aws/service/ami-amazon-linux-latest';
    const count = () =>
      (ask('GetParametersByPath', { Path }).Parameters as readonly object[]).length;
    expect(count()).toBe(0);
    seedPublicImages(cloud, [HOME]);
    expect(count()).toBe(4);
    expect(refusalOf(() => ask('GetParameter', { Name: '/aws/service/none' }))).toBe(
      'ParameterNotFound: ',
    );
  });
});

import { describe, expect, it } from 'vitest';
import { createCallRecorder } from '../../simulator/call-recorder.ts';
import { isBesideTheWire } from '../../simulator/cloud.ts';
import { codeOf, createBench } from './fixture.ts';

const ask = (bench: ReturnType<typeof createBench>, action: string, input: object) =>
  bench.cloud.services
    .find((service) => service.id === 'ec2')
    ?.operations[action]?.answer(input, bench.home());

describe('calls over the wire', () => {
  it('fail as often as a fault is set to strike, and calls beside the wire never', () => {
    const bench = createBench();
    bench.cloud.inject({ action: 'DescribeImages', times: 2, code: 'InternalError', status: 500 });
    const code = () => codeOf(() => ask(bench, 'DescribeImages', {}));
    expect(code()).toBe('InternalError');
    expect(codeOf(() => ask(bench, 'DescribeInstances', {}))).toBe('none');
    expect(codeOf(() => bench.cloud.ec2.DescribeImages({}, bench.home()))).toBe('none');
    expect([code(), code()]).toEqual(['InternalError', 'none']);
  });

  it('fail in one Region until the fault is withdrawn', () => {
    const bench = createBench();
    const withdraw = bench.cloud.inject({ region: 'eu-central-1', code: 'Unavailable' });
    expect(codeOf(() => ask(bench, 'DescribeImages', {}))).toBe('Unavailable');
    withdraw();
    expect(codeOf(() => ask(bench, 'DescribeImages', {}))).toBe('none');
  });

  it('are throttled by chance, as the manners say', () => {
    const bench = createBench({ throttled: 1 });
    expect(codeOf(() => ask(bench, 'DescribeImages', {}))).toBe('RequestLimitExceeded');
    bench.cloud.behave({ throttled: 0, serverError: 1 });
    expect(codeOf(() => ask(bench, 'DescribeImages', {}))).toBe('InternalError');
  });

  it('change nothing with DryRun', () => {
    const bench = createBench();
    const input = { InstanceId: bench.id('web-1'), Name: 'one', DryRun: true };
    expect(codeOf(() => ask(bench, 'CreateImage', input))).toBe('DryRunOperation');
    expect(bench.cloud.ec2.DescribeImages({ Owners: ['self'] }, bench.home()).Images).toEqual([]);
  });

  it('are told from those beside it by their request id', () => {
    const { cloud } = createBench();
    expect(isBesideTheWire(cloud.callAs('111122223333', 'eu-central-1').requestId)).toBe(true);
    expect(isBesideTheWire(cloud.requestId())).toBe(false);
  });
});

describe('the call recorder', () => {
  it('counts by service, action and Region, failures apart', () => {
    const recorder = createCallRecorder();
    const call = {
      atMs: 0,
      account: '111122223333',
      region: 'eu-central-1',
      service: 'ec2',
      action: 'CopyImage',
      requestId: '1',
    } as const;
    recorder.record(call);
    recorder.record({ ...call, region: 'eu-west-1' });
    recorder.record({ ...call, errorCode: 'RequestLimitExceeded' });
    expect(recorder.counts()).toEqual([
      { service: 'ec2', action: 'CopyImage', region: 'eu-central-1', succeeded: 1, failed: 1 },
      { service: 'ec2', action: 'CopyImage', region: 'eu-west-1', succeeded: 1, failed: 0 },
    ]);
    expect([recorder.count('CopyImage'), recorder.count('CopyImage', 'eu-west-1')]).toEqual([3, 1]);
    expect([...recorder.failures()]).toEqual([['RequestLimitExceeded', 1]]);
  });
});

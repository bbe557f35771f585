import { describe, expect, it } from 'vitest';
import { codeOf, createBench, HOME, MINUTE } from './fixture.ts';

/** A stopped instance whose root volume is detached. */
const withoutRoot = async (manners = {}) => {
  const bench = createBench(manners);
  const { ec2, ec2Core } = bench.cloud;
  const InstanceId = bench.id('legacy');
  const row = ec2Core.store(HOME).instances.get(InstanceId);
  const VolumeId = row?.disks.find((disk) => disk.deviceName === row.rootDeviceName)?.volumeId;
  ec2.DetachVolume({ VolumeId }, bench.home());
  await bench.pass(MINUTE);
  const start = () => ec2.StartInstances({ InstanceIds: [InstanceId] }, bench.home());
  const image = () => ec2.CreateImage({ InstanceId, Name: 'one' }, bench.home());
  const attach = () =>
    ec2.AttachVolume({ InstanceId, VolumeId, Device: '/dev/sda1' }, bench.home());
  return { InstanceId, start, image, attach };
};

describe('an instance whose root volume was detached', () => {
  it.each(['InvalidParameterValue', 'IncorrectState'])(
    'can be neither started nor imaged: %s',
    async (missingRootVolumeCode) => {
      const { InstanceId, start, image } = await withoutRoot({ missingRootVolumeCode });
      expect([codeOf(start), codeOf(image)]).toEqual([
        missingRootVolumeCode,
        missingRootVolumeCode,
      ]);
      expect(start).toThrow(
        `Invalid value '${InstanceId}' for instanceId. ` +
          'Instance does not have a volume attached at root (/dev/sda1)',
      );
    },
  );

  it('can be imaged and started when a volume is attached there again', async () => {
    const { start, image, attach } = await withoutRoot();
    attach();
    expect([codeOf(image), codeOf(start)]).toEqual(['none', 'none']);
  });
});

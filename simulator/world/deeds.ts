/** What the operator does, one deed at a time. Each returns whether it could be done. */
import type { ImageRow } from '../services/ec2/rows.ts';
import { launch } from './launch.ts';
import { planInstances } from './mix.ts';
import type { Operator } from './operator.ts';

const home = ({ cloud, world }: Operator) => cloud.callAs(world.account, world.homeRegion);

export const stop = (operator: Operator, instanceId: string): void => {
  operator.act('stop', instanceId, () =>
    operator.cloud.ec2.StopInstances({ InstanceIds: [instanceId] }, home(operator)),
  );
};

export const start = (operator: Operator, instanceId: string): void => {
  operator.act('start', instanceId, () =>
    operator.cloud.ec2.StartInstances({ InstanceIds: [instanceId] }, home(operator)),
  );
};

export const terminate = (operator: Operator, instanceId: string): void => {
  operator.act('terminate', instanceId, () =>
    operator.cloud.ec2.TerminateInstances({ InstanceIds: [instanceId] }, home(operator)),
  );
};

/** A new web server, which the policies select as they do its elders. */
export const launchNew = (operator: Operator, name: string): void => {
  const { cloud, world } = operator;
  const [plan] = planInstances(1);
  if (plan === undefined) return;
  const place = { account: world.account, region: world.homeRegion, images: world.images };
  operator.act('launch', name, () => launch(cloud, place, { ...plan, name }));
};

/** An instance launched from a backup, and stopped once it has been looked at. */
export const restore = (operator: Operator, image: ImageRow, name: string): boolean => {
  const { cloud } = operator;
  const launched = operator.act('restore', image.imageId, () =>
    cloud.ec2.RunInstances(
      {
        ImageId: image.imageId,
        InstanceType: 't3.small',
        MinCount: 1,
        MaxCount: 1,
        TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: name }] }],
      },
      home(operator),
    ),
  );
  const id = launched?.Instances?.[0]?.InstanceId;
  if (id === undefined) return false;
  cloud.clock.at(cloud.clock.nowMs() + 2 * 3_600_000, () => {
    stop(operator, id);
  });
  return true;
};

/** A launch template whose latest version points to a backup, while its default does not. */
export const pointTemplate = (operator: Operator, image: ImageRow): boolean => {
  const { cloud, world } = operator;
  const name = { LaunchTemplateName: 'restore-drill' };
  const made = operator.act('create template', image.imageId, () => {
    const base = { ImageId: world.images.ubuntu, InstanceType: 't3.small' as const };
    cloud.ec2.CreateLaunchTemplate({ ...name, LaunchTemplateData: base }, home(operator));
    return cloud.ec2.CreateLaunchTemplateVersion(
      { ...name, SourceVersion: '1', LaunchTemplateData: { ImageId: image.imageId } },
      home(operator),
    );
  });
  return made !== undefined;
};

export const hold = (operator: Operator, image: ImageRow): boolean => {
  const held = operator.act('hold', image.imageId, () => {
    const Tags = [{ Key: 'imago:hold', Value: 'audit' }];
    operator.cloud.ec2.CreateTags({ Resources: [image.imageId], Tags }, home(operator));
    return true;
  });
  return held === true;
};

/** A copy by hand: it carries the tags of the backup, but it is a stranger's. */
export const copyByHand = (operator: Operator, image: ImageRow): boolean => {
  const { cloud, world } = operator;
  const copied = operator.act('copy by hand', image.imageId, () =>
    cloud.ec2.CopyImage(
      {
        Name: `by-hand ${image.imageId}`,
        SourceImageId: image.imageId,
        SourceRegion: world.homeRegion,
        CopyImageTags: true,
      },
      cloud.callAs(world.account, world.drRegion),
    ),
  );
  return copied !== undefined;
};

/** An image of another tool's: made by a pipeline, or by AWS Backup. */
export const bakeForeign = (operator: Operator, instanceId: string, name: string): void => {
  operator.act('bake', instanceId, () =>
    operator.cloud.ec2.CreateImage(
      {
        InstanceId: instanceId,
        Name: name,
        NoReboot: true,
        TagSpecifications: [
          { ResourceType: 'image', Tags: [{ Key: 'built-by', Value: 'packer' }] },
        ],
      },
      home(operator),
    ),
  );
};

/** AWS Backup marks its images with a tag that only AWS can write. */
export const markAsAwsBackup = (operator: Operator, name: string): void => {
  const { cloud, world } = operator;
  const { images } = cloud.ec2Core.store(world.homeRegion);
  for (const image of images.values()) {
    if (image.name !== name) continue;
    images.changing(image.imageId);
    image.tags.set('aws:backup:source-resource', 'instance');
  }
};

/** The other tool keeps its newest few and removes the rest, snapshots included. */
export const clearForeign = (operator: Operator, prefix: string, keep: number): void => {
  const { cloud, world } = operator;
  const images = [...cloud.ec2Core.store(world.homeRegion).images.values()]
    .filter((image) => image.ownerId === world.account && image.name.startsWith(prefix))
    .toSorted((a, b) => b.createdAtMs - a.createdAtMs);
  for (const { imageId } of images.slice(keep)) {
    operator.act('clear', imageId, () =>
      cloud.ec2.DeregisterImage(
        { ImageId: imageId, DeleteAssociatedSnapshots: true },
        home(operator),
      ),
    );
  }
};

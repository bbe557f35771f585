/** The events that EC2 announces, in its exact shapes. */
import type { Ec2 } from './ec2.ts';
import type { ImageRow, InstanceRow } from './rows.ts';

/** "EC2 AMI State Change": the keys of its detail are capitalised, its ARN names no account. */
export const announceImage = (
  ec2: Ec2,
  image: ImageRow,
  state: 'available' | 'failed' | 'deregistered' | 'disabled',
  requestId: string,
): void => {
  ec2.announce({
    account: image.ownerId,
    region: image.region,
    detailType: 'EC2 AMI State Change',
    resources: [`arn:aws:ec2:${image.region}::image/${image.imageId}`],
    detail: {
      RequestId: requestId,
      ImageId: image.imageId,
      State: state,
      ErrorMessage: state === 'failed' ? (image.stateReason?.message ?? '') : '',
    },
  });
};

/** "EC2 Instance State-change Notification". */
export const announceInstance = (ec2: Ec2, region: string, instance: InstanceRow): void => {
  const { instanceId, ownerId, state } = instance;
  ec2.announce({
    account: ownerId,
    region,
    detailType: 'EC2 Instance State-change Notification',
    resources: [`arn:aws:ec2:${region}:${ownerId}:instance/${instanceId}`],
    detail: { 'instance-id': instanceId, state },
  });
};

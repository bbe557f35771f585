/** What other services of AWS may do to instances, and users may not. */
import type { Ec2 } from './ec2.ts';
import { changing } from './instances.ts';

interface SystemTag {
  /** Begins with `aws:`. */
  readonly key: string;
  readonly value: string;
}

/** Tags an instance, if it is there, with one of AWS's own tags. */
export const setSystemTag = (
  ec2: Ec2,
  region: string,
  instanceId: string,
  { key, value }: SystemTag,
): void => {
  const row = ec2.store(region).instances.get(instanceId);
  if (row === undefined) return;
  changing(ec2, region, row);
  row.tags.set(key, value);
};

/** Lets the services that launched an instance terminate it, whatever protects it from users. */
export const liftProtection = (ec2: Ec2, region: string, instanceId: string): void => {
  const row = ec2.store(region).instances.get(instanceId);
  if (row === undefined) return;
  changing(ec2, region, row);
  row.attributes = { ...row.attributes, disableApiTermination: false, disableApiStop: false };
};

/** The embedded EC2's own kernel: its Regions, and its way to the event bus. */
import { createLag } from '../../kernel/consistency.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { createRehearsal, type Rehearsal } from '../../kernel/rehearsal.ts';
import type { Call } from '../../wire/api.ts';
import type { Announcement } from '../events/event.ts';
import { RegionStore, type SavedStore } from './store.ts';

export interface Ec2 {
  /** Its chance is the cloud's, except for calls that are only tried: those have a stream apart. */
  readonly kernel: Kernel;
  /** How a `DryRun` is answered. */
  readonly rehearsal: Rehearsal;
  /** The Region's store; it comes into being when first asked for. */
  readonly store: (region: string) => RegionStore;
  readonly announce: (event: Announcement) => void;
  /**
   * The value of a parameter of Systems Manager, by what stands behind `resolve:ssm:`, its version or
   * label included; undefined if there is none. Absent while nobody serves parameters.
   */
  resolveParameter?: ((name: string, call: Call) => string | undefined) | undefined;
}

export const createEc2Core = (kernel: Kernel, announce: Ec2['announce']): Ec2 => {
  const stores = new Map<string, RegionStore>();
  const lag = createLag(kernel);
  const rehearsal = createRehearsal();
  const store = (region: string): RegionStore => {
    const known = stores.get(region);
    if (known !== undefined) return known;
    const fresh = new RegionStore(region, lag, rehearsal.beforeChange);
    stores.set(region, fresh);
    return fresh;
  };
  kernel.keep({
    name: 'ec2',
    save: () => Object.fromEntries([...stores].map(([region, one]) => [region, one.save()])),
    load: (saved: Readonly<Record<string, SavedStore>>) => {
      for (const [region, rows] of Object.entries(saved)) store(region).load(rows);
    },
  });
  const random: Kernel['random'] = (stream) =>
    kernel.random(rehearsal.isOn() ? 'dry runs' : stream);
  return { kernel: { ...kernel, random }, rehearsal, announce, store };
};

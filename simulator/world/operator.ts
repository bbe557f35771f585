/** An operator at the console: what one can do with instances and images, beside the wire. */
import type { EmbeddedCloud } from '../cloud.ts';
import type { ImageRow } from '../services/ec2/rows.ts';
import { ApiError } from '../wire/api.ts';
import type { World } from './world.ts';

/** One thing that the operator did, or tried to. */
export interface Deed {
  readonly atMs: number;
  readonly what: string;
  /** Id of the instance, the image or the launch template. */
  readonly subject: string;
}

export interface Operator {
  readonly deeds: readonly Deed[];
  readonly cloud: EmbeddedCloud;
  readonly world: World;
  /** Does it and writes it down; a refusal by EC2 is written down too, and undefined comes back. */
  readonly act: <Result>(what: string, subject: string, deed: () => Result) => Result | undefined;
  /** The id of the world's instance of that name, if it has one. */
  readonly idOf: (name: string) => string | undefined;
  /** Finished backup images of an instance, in the home Region, oldest first. */
  readonly backupsOf: (instanceId: string) => readonly ImageRow[];
}

/** Names of backup images begin so. */
const BACKUP_PREFIX = 'imago/';

export const isBackup = (image: ImageRow): boolean => image.name.startsWith(BACKUP_PREFIX);

export const createOperator = (cloud: EmbeddedCloud, world: World): Operator => {
  const deeds: Deed[] = [];
  const note = (what: string, subject: string): void => {
    deeds.push({ atMs: cloud.clock.nowMs(), what, subject });
  };
  return {
    deeds,
    cloud,
    world,
    act: (what, subject, deed) => {
      try {
        const result = deed();
        note(what, subject);
        return result;
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        note(`${what}: ${error.code}`, subject);
        return undefined;
      }
    },
    idOf: (name) => world.members.find((member) => member.name === name)?.instanceId,
    backupsOf: (instanceId) =>
      [...cloud.ec2Core.store(world.homeRegion).images.values()]
        .filter((image) => isBackup(image) && image.name.includes(`/${instanceId}/`))
        .filter((image) => image.state === 'available')
        .toSorted((a, b) => a.createdAtMs - b.createdAtMs),
  };
};

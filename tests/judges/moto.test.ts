/**
 * moto as a judge of the embedded cloud: the same calls by the same clients, on both. What moto has
 * right must come to the same on both; where it is known to be wrong it stands in the table of
 * deviations, with a reason, and must stay wrong: a deviation that is gone is to be struck out.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEVIATIONS } from './moto-deviations.ts';
import type { On } from './moto-deeds.ts';
import { IMAGE_DEEDS } from './moto-images.ts';
import { INSTANCE_DEEDS } from './moto-instances.ts';
import { LAUNCH_DEEDS } from './moto-launches.ts';
import { QUEUE_DEEDS } from './moto-messages.ts';
import { SERVICE_DEEDS } from './moto-services.ts';
import { STORAGE_DEEDS } from './moto-storage.ts';
import { hasPythonModules } from './programs.ts';
import { openEmbedded, openMoto, type Side } from './sides.ts';

const AGREED = [
  ...IMAGE_DEEDS,
  ...INSTANCE_DEEDS,
  ...STORAGE_DEEDS,
  ...LAUNCH_DEEDS,
  ...QUEUE_DEEDS,
  ...SERVICE_DEEDS,
];

describe.skipIf(!hasPythonModules('moto', 'flask'))('the embedded cloud and moto_server', () => {
  let sides: { readonly embedded: Side; readonly moto: Side };

  beforeAll(async () => {
    sides = { embedded: openEmbedded(), moto: await openMoto() };
  });

  afterAll(() => sides?.moto.close());

  const onBoth = async (on: On) => ({
    embedded: await on(sides.embedded),
    moto: await on(sides.moto),
  });

  for (const { title, on, comesTo } of AGREED) {
    test(`moto agrees that ${title}`, async () => {
      expect(await onBoth(on)).toEqual({ embedded: comesTo, moto: comesTo });
    });
  }

  for (const { name, reason, on, ours, motos } of DEVIATIONS) {
    test(`moto still deviates (${name}): ${reason}`, async () => {
      expect(await onBoth(on)).toEqual({ embedded: ours, moto: motos });
    });
  }
});

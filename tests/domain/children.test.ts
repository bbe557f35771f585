import { describe, expect, it } from 'vitest';
import { childrenOf } from '../../shared/domain/children.ts';
import type { Inventory } from '../../shared/domain/inventory.ts';
import { incompletePart } from '../../shared/domain/model.ts';
import { anInstance, ELSEWHERE, HOME } from '../support/builders.ts';
import { inventory, seenImage } from '../support/inventory.ts';

/** `ami-2 copied from it`: the children of `ami-1` at home. */
const childrenIn = (...inventories: readonly Inventory[]): readonly string[] =>
  childrenOf(inventories)(HOME.region, 'ami-1').map(({ image, how }) => `${image.id} ${how}`);

describe('children of an image', () => {
  it('are its copies, in its Region and in others', () => {
    const here = inventory({
      images: [seenImage({ id: 'ami-1' }), seenImage({ id: 'ami-2', sourceImageId: 'ami-1' })],
    });
    const there = inventory({
      target: ELSEWHERE,
      images: [
        seenImage({ id: 'ami-3', sourceImageId: 'ami-1', sourceImageRegion: HOME.region }),
        seenImage({ id: 'ami-4', sourceImageId: 'ami-1' }),
      ],
    });

    expect(childrenIn(here, there)).toEqual(['ami-2 copied from it', 'ami-3 copied from it']);
    expect(childrenOf([here, there])(HOME.region, 'ami-2')).toEqual([]);
  });

  it('are images of instances that were launched from it, once each', () => {
    const instances = [anInstance({ id: 'i-0aa', imageId: 'ami-1' })];
    const images = [
      seenImage({ id: 'ami-2', sourceInstanceId: 'i-0aa' }),
      seenImage({ id: 'ami-3', sourceInstanceId: 'i-0aa', sourceImageId: 'ami-1' }),
      seenImage({ id: 'ami-4', sourceInstanceId: 'i-0bb' }),
      seenImage({ id: 'ami-5', sourceInstanceId: 'i-0bb', sourceImageId: 'ami-1' }),
    ];

    expect(childrenIn(inventory({ images, instances }))).toEqual([
      'ami-2 made of i-0aa',
      'ami-3 made of i-0aa',
      'ami-5 made of i-0bb',
    ]);
    expect(childrenIn(inventory({ images, instances: incompletePart('denied') }))).toEqual([
      'ami-3 made of i-0aa',
      'ami-5 made of i-0bb',
    ]);
  });

  it('are both images that one image comes from, where EC2 names another than the instance', () => {
    const seen = inventory({
      instances: [anInstance({ id: 'i-0aa', imageId: 'ami-1' })],
      images: [seenImage({ id: 'ami-2', sourceInstanceId: 'i-0aa', sourceImageId: 'ami-9' })],
    });
    const children = childrenOf([seen]);

    expect(children(HOME.region, 'ami-1').map(({ image }) => image.id)).toEqual(['ami-2']);
    expect(children(HOME.region, 'ami-9').map(({ image }) => image.id)).toEqual(['ami-2']);
  });

  it('are not the copies of a point that are the same point elsewhere', () => {
    const copiedFrom = `${HOME.account}/${HOME.region}/ami-1`;
    const copy = seenImage({
      id: 'ami-2',
      sourceImageId: 'ami-1',
      sourceImageRegion: HOME.region,
      tags: { 'imago:copied-from': copiedFrom },
    });

    expect(childrenIn(inventory({ target: ELSEWHERE, images: [copy] }))).toEqual([]);
  });
});

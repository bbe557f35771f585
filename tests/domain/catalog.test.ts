import { describe, expect, test } from 'vitest';
import { type CatalogQuery, catalogOf } from '../../shared/domain/catalog.ts';
import type { SeenImage } from '../../shared/domain/inventory.ts';
import { ELSEWHERE, HOME, at } from '../support/builders.ts';
import { OBSERVED_MS, seenImage } from '../support/inventory.ts';

const EVERYBODYS: Partial<CatalogQuery> = { permission: 'public' };

const image = (id: string, parts: Partial<SeenImage> = {}): SeenImage =>
  seenImage({ id, ...parts });

const IMAGES: readonly SeenImage[] = [
  image('ami-own', { tags: { version: '1.0', stack: 'production' }, name: 'golden-1' }),
  image('ami-win', { platform: 'Windows with SQL Server', createdMs: at('2026-11-05T02:00Z') }),
  image('ami-arm', {
    architecture: 'arm64',
    state: 'disabled',
    createdMs: at('2026-11-04T02:00Z'),
  }),
  image('ami-shared', { ownerId: '210987654321' }),
  image('ami-amazon', {
    ownerId: '137112412989',
    ownerAlias: 'amazon',
    isPublic: true,
    deprecatedMs: at('2026-11-20T00:00Z'),
  }),
  image('ami-market', {
    ownerId: '679593333241',
    ownerAlias: 'aws-marketplace',
    isPublic: true,
    productCodes: ['abc123'],
    rootDeviceType: 'instance-store',
  }),
  image('ami-anybody', { ownerId: '999999999999', isPublic: true }),
];

const found = (query: Partial<CatalogQuery>): readonly string[] =>
  catalogOf([{ target: HOME, images: IMAGES }], { tags: {}, ...query }, OBSERVED_MS).map(
    ({ id }) => id,
  );

describe('a catalog', () => {
  test.each<[string, Partial<CatalogQuery>, readonly string[]]>([
    ['without a word about owners, its own, newest first', {}, ['ami-win', 'ami-arm', 'ami-own']],
    ['by tags, all of them', { tags: { version: ['1.*'], stack: ['production'] } }, ['ami-own']],
    ['by a tag with another value', { tags: { version: ['2.0'] } }, []],
    ['by name', { name: 'golden-?' }, ['ami-own']],
    ['of Windows', { system: 'windows' }, ['ami-win']],
    ['of whatever is not Windows', { system: 'linux' }, ['ami-arm', 'ami-own']],
    ['by platform details', { platform: 'Windows with SQL*' }, ['ami-win']],
    ['by architecture', { architecture: 'arm64' }, ['ami-arm']],
    ['by state', { state: 'available' }, ['ami-win', 'ami-own']],
    ['shared with this account', { permission: 'shared' }, ['ami-shared']],
    ['public', EVERYBODYS, ['ami-amazon', 'ami-anybody', 'ami-market']],
    ['by its owner amazon', { owner: 'amazon' }, ['ami-amazon']],
    ['of the Marketplace', { owner: 'aws-marketplace' }, ['ami-market']],
    ['of the community', { owner: 'community' }, ['ami-anybody']],
    ['of an account', { owner: '210987654321' }, ['ami-shared']],
    ['by product code', { ...EVERYBODYS, productCode: 'abc123' }, ['ami-market']],
    ['by root device', { ...EVERYBODYS, rootDevice: 'instance-store' }, ['ami-market']],
    ['own ones of a stranger', { permission: 'own', owner: 'amazon' }, []],
  ])('%s', (_what, query, ids) => {
    expect(found(query)).toEqual(ids);
  });

  test('warns of what is to be heeded before a launch', () => {
    const images = [...IMAGES, image('ami-open', { isPublic: true })];
    const all = catalogOf([{ target: HOME, images }], { tags: {}, ...EVERYBODYS }, OBSERVED_MS);

    expect(Object.fromEntries(all.map(({ id, warnings }) => [id, warnings]))).toEqual({
      'ami-amazon': ['deprecated'],
      'ami-anybody': [
        'community image: nobody vouches for it; make sure that the owner is who you think',
      ],
      'ami-market': ['Marketplace product: launching it takes a subscription, and may cost'],
      'ami-open': ['public: everybody may launch it'],
    });
  });

  test('says where each was seen', () => {
    const seen = [
      { target: HOME, images: [image('ami-1')] },
      { target: ELSEWHERE, images: [image('ami-2', { createdMs: at('2026-11-20T02:00Z') })] },
    ];

    expect(
      catalogOf(seen, { tags: {} }, OBSERVED_MS).map(({ target, id, provenance }) => [
        target,
        id,
        provenance,
      ]),
    ).toEqual([
      ['111122223333/eu-west-1', 'ami-2', 'own'],
      ['111122223333/eu-central-1', 'ami-1', 'own'],
    ]);
  });
});

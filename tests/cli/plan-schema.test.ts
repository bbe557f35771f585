import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { plan } from '../../cli/plan.ts';
import type { PlanReport } from '../../cli/plan-report.ts';
import { createStage, DR, HOME, jsonOf, pointsOf, type Stage } from './fixture.ts';

const ROOT = join(import.meta.dirname, '../..');
const SCHEMA_TEXT = readFileSync(join(ROOT, 'docs/plan.schema.json'), 'utf8');
const PAGE = readFileSync(join(ROOT, 'docs/plan.md'), 'utf8');

type JsonSchema = Parameters<typeof z.fromJSONSchema>[0];
const schema = z.fromJSONSchema(JSON.parse(SCHEMA_TEXT) as JsonSchema);

const EVERYTHING = join(import.meta.dirname, 'fixtures/everything.yml');

const OPTIONS = {
  policy: EVERYTHING,
  deployment: 'dev',
  retire: 'apply',
  failOnChange: false,
  all: false,
  verbose: false,
  json: true,
} as const;

/** A source with old points, one without, an orphan, images of others, and one read that is refused. */
const aBusyStage = (): Stage => {
  const stage = createStage({
    instances: ['web-1', 'web-2'].map((Name) => ({ name: Name, tags: { Name, Backup: 'daily' } })),
  });
  const days = ['2026-10-30', '2026-10-31', '2026-11-01', '2026-11-02', '2026-11-03'];
  const [ImageId] = pointsOf(stage, days);
  const { ec2, callAs, ec2Core } = stage.cloud;
  const call = callAs('111122223333', HOME);
  ec2.DeregisterImage({ ImageId }, call); // and its snapshot stays
  for (const Name of ['golden-1', 'golden-2', 'silver']) {
    const made = ec2.CreateImage({ InstanceId: stage.id('web-2'), Name }, call);
    const row = ec2Core.store(HOME).images.get(made.ImageId ?? '');
    if (row === undefined) throw new Error(`${Name} is not there`);
    row.state = 'available';
    if (Name === 'golden-1') row.tags.set('role', 'web');
  }
  stage.loseAnswer(
    { action: 'DescribeSnapshots', region: DR },
    { code: 'UnauthorizedOperation', status: 403 },
  );
  return stage;
};

let text: string;
let report: PlanReport;

beforeAll(async () => {
  const stage = aBusyStage();
  await stage.run((surroundings) => plan(OPTIONS, surroundings));
  text = stage.screen.stdout.join('\n');
  report = jsonOf<PlanReport>(stage.screen);
});

describe('a plan as JSON', () => {
  test('that has everything in it is as its schema says', () => {
    const [home, elsewhere] = report.targets;
    const kinds = report.targets.flatMap(({ actions }) =>
      Object.values(actions).flatMap((list: readonly { readonly kind: string }[]) =>
        list.map(({ kind }) => kind),
      ),
    );

    expect(new Set(kinds)).toEqual(new Set(['create', 'tag', 'copy', 'retire', 'delete-snapshot']));
    expect(new Set(home?.decisions.map(({ verdict }) => verdict))).toEqual(
      new Set(['create', 'keep', 'tag', 'adopt', 'ignore', 'retire', 'delete-snapshot']),
    );
    expect(elsewhere?.problems).toHaveLength(1);
    expect(schema.safeParse(report).error).toBeUndefined();
  });

  test('that has nothing in it is as well', async () => {
    const stage = createStage({ instances: [] });

    await stage.run((surroundings) => plan(OPTIONS, surroundings));

    const empty = jsonOf<PlanReport>(stage.screen);
    expect(empty.targets.map(({ decisions }) => decisions)).toEqual([[], []]);
    expect(schema.safeParse(empty).error).toBeUndefined();
  });

  test('is the same text for the same world', async () => {
    const stage = aBusyStage();

    await stage.run((surroundings) => plan(OPTIONS, surroundings));

    expect(stage.screen.stdout.join('\n')).toBe(text);
  });

  test('decides about every instance, image and snapshot that it saw', () => {
    const stage = aBusyStage();
    const { images, snapshots, instances } = stage.cloud.ec2Core.store(HOME);
    const own = [...images.values(), ...snapshots.values()].filter(
      ({ ownerId }) => ownerId === '111122223333',
    );
    const there = [
      ...own.map((row) => ('imageId' in row ? row.imageId : row.snapshotId)),
      ...[...instances.values()].map(({ instanceId }) => instanceId),
    ];

    expect(new Set(report.targets[0]?.decisions.map(({ id }) => id))).toEqual(new Set(there));
  });
});

describe('the schema of a plan refuses', () => {
  const without = (key: string): unknown =>
    Object.fromEntries(Object.entries(report).filter(([one]) => one !== key));
  const withTarget = (parts: object): unknown => ({
    ...report,
    targets: [{ ...report.targets[0], ...parts }],
  });

  test('a field that it does not know, and one that is missing', () => {
    expect(schema.safeParse({ ...report, more: 1 }).success).toBe(false);
    for (const key of Object.keys(report)) {
      expect([key, schema.safeParse(without(key)).success]).toEqual([key, false]);
    }
  });

  test('an action of an unknown kind, or in the wrong list', () => {
    const { actions } = report.targets[0] ?? {};
    const wrong = { ...actions, creates: actions?.removals };

    expect(schema.safeParse(withTarget({ actions: wrong })).success).toBe(false);
    expect(schema.safeParse(withTarget({ actions: {} })).success).toBe(false);
  });

  test('a verdict, a reason or a target of no such form', () => {
    const [decision] = report.targets[0]?.decisions ?? [];
    const decided = (parts: object): unknown =>
      withTarget({ decisions: [{ ...decision, ...parts }] });

    expect(schema.safeParse(decided({})).success).toBe(true);
    expect(schema.safeParse(decided({ verdict: 'destroy' })).success).toBe(false);
    expect(schema.safeParse(decided({ reasons: ['RET-10 expired'] })).success).toBe(false);
    expect(schema.safeParse(withTarget({ target: 'eu-central-1' })).success).toBe(false);
    expect(schema.safeParse({ ...report, version: 2 }).success).toBe(false);
  });
});

interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly description?: string;
  readonly $ref?: string;
  readonly [key: string]: unknown;
}

/** Every property that the schema names, wherever it stands. */
const propertiesIn = (node: unknown): readonly (readonly [string, Node])[] => {
  if (typeof node !== 'object' || node === null) return [];
  const { properties = {} } = node as Node;
  const own = Array.isArray(node) ? [] : Object.entries(properties);
  return [...own, ...Object.values(node).flatMap(propertiesIn)];
};

describe('docs/plan.md', () => {
  const properties = propertiesIn(JSON.parse(SCHEMA_TEXT));
  const words = new Set(
    [...PAGE.matchAll(/`(?<word>[\w-]+)`/g)].map(({ groups }) => groups?.['word']),
  );

  test('names every field of the schema, and each of those says what it is', () => {
    const names = [...new Set(properties.map(([name]) => name))];

    expect(names.length).toBeGreaterThan(40);
    expect(names.filter((name) => !words.has(name))).toEqual([]);
    expect(
      properties.filter(([, { description, $ref }]) => (description ?? $ref) === undefined),
    ).toEqual([]);
  });

  test('names every verdict of the schema, and no field that is not in it', () => {
    const verdicts = properties.find(([name]) => name === 'verdict')?.[1]['enum'] as string[];
    const rows = [...PAGE.matchAll(/^\| (?<names>`[^|]+?) \|/gm)].flatMap(({ groups }) => [
      ...(groups?.['names'] ?? '').matchAll(/`(?<word>[\w-]+)`/g),
    ]);
    const told = rows.map(({ groups }) => groups?.['word'] ?? '');
    const known = new Set([...properties.map(([name]) => name), ...verdicts]);

    expect(verdicts.filter((verdict) => !told.includes(verdict))).toEqual([]);
    expect(told.filter((word) => !known.has(word))).toEqual([]);
  });
});

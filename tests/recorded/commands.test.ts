import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RECORDED_AT } from '../support/recorded-world.ts';
import { type Ended, type Recording, createRecording } from './fixture.ts';

const HOME = '--home 111122223333/eu-central-1';
const POLICY = '--policy policies/example.yml';
const REGIONS = '--region eu-central-1,eu-west-1';

let recording: Recording;

beforeAll(async () => {
  recording = await createRecording();
});

afterAll(() => recording.remove());

/** Names stand for ids: `{image:unused}`, `{instance:web-01}`. */
const named = (line: string): string =>
  line
    .replaceAll(/\{image:(\w+)\}/g, (_, name: string) => recording.world.known[name] ?? '')
    .replaceAll(/\{instance:([\w-]+)\}/g, (_, name: string) => recording.world.id(name));

const run = (line: string): Promise<Ended> => recording.imago(named(line));

const json = async (line: string): Promise<Record<string, unknown>> =>
  JSON.parse((await run(`${line} --json`)).out.join('\n')) as Record<string, unknown>;

interface AuditJson {
  readonly sections: readonly {
    readonly id: string;
    readonly findings: readonly { readonly id: string; readonly name: string }[];
  }[];
}

/** Names of what a section of the audit found, or the ids of what has no name. */
const found = ({ sections }: AuditJson, wanted: string): readonly string[] =>
  (sections.find(({ id }) => id === wanted)?.findings ?? [])
    .map(({ id, name }) => name || id)
    .toSorted();

describe('an audit of the recorded world', () => {
  test('calls unused what nothing launches from, and nothing else', async () => {
    const audit = (await json('audit --from world')) as unknown as AuditJson;
    const unused = found(audit, 'AUD-01').filter((name) => !name.startsWith('nightly-'));
    expect(unused).toEqual(['by-hand', 'golden-template-old', 'golden-unused']);
    expect(found(audit, 'AUD-01')).toHaveLength(43);
  });

  test('finds what is open, what will fail, and what is left', async () => {
    const audit = (await json('audit --from world')) as unknown as AuditJson;
    const { gone = '' } = recording.world.known;
    expect(found(audit, 'AUD-05')).toEqual([gone]);
    expect(found(audit, 'AUD-06')).toEqual(['golden-public']);
    expect(found(audit, 'AUD-07')).toEqual(['golden-shared']);
    expect(found(audit, 'AUD-10')).toHaveLength(1);
  });
});

/** Where it was read from is not what was seen. */
const PLACES = [
  'endpoints',
  'arn',
  'account',
  'region',
  'from',
  'origin',
  'observed',
  'observedAt',
  'command',
  'instant',
];

const withoutPlaces = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutPlaces);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !PLACES.includes(key))
      .map(([key, one]) => [key, withoutPlaces(one)]),
  );
};

describe('a folder and the live cloud give the same answers', () => {
  const NOW = `--now ${RECORDED_AT}`;
  test.each([
    ['audit', `audit ${NOW}`, REGIONS],
    ['plan', `plan ${POLICY} ${NOW}`, ''],
    ['explain of an image', `explain {image:templateLatest} ${NOW}`, ''],
    ['explain of an instance', `explain {instance:web-01} ${NOW}`, ''],
    ['diff', `diff ${POLICY} --policy policies/gfs.yml ${NOW}`, ''],
    ['forecast', `forecast --days 3 ${POLICY} ${NOW}`, ''],
    ['catalog', `catalog --tag stack=production`, REGIONS],
  ])('%s', async (name, line, live) => {
    const home = name === 'audit' || name === 'catalog' ? '' : HOME;
    const folder = await json(`${line} ${home} --from world`.replace('  ', ' '));
    const asked = await json(`${line} ${live}`.trim());
    expect(withoutPlaces(asked)).toEqual(withoutPlaces(folder));
  });
});

describe('the text of', () => {
  test.each([
    ['an audit', 'audit --from world', 100],
    ['an audit on a narrow terminal', 'audit --from world', 80],
    ['an audit on a wide terminal', 'audit --from world', 160],
    ['a plan', `plan --from world ${HOME} ${POLICY}`, 100],
    ['a forecast', `forecast --days 5 --from world ${HOME} ${POLICY}`, 100],
    ['a diff', `diff ${POLICY} --policy policies/gfs.yml --from world ${HOME}`, 100],
    ['a catalog', 'catalog --from world --tag stack=production', 100],
    ['an image explained', `explain {image:byParameter} --from world ${HOME}`, 100],
    ['an image that is gone explained', `explain {image:gone} --from world ${HOME}`, 100],
    ['an instance explained', `explain {instance:web-01} --from world ${HOME} ${POLICY}`, 100],
    [
      'an instance without a policy explained',
      `explain {instance:tool-02} --from world ${HOME}`,
      80,
    ],
  ])('%s', async (name, line, columns) => {
    const { out } = await recording.imago(named(line), { columns });
    const text = `${out.join('\n').replaceAll(`${recording.folder}/`, '')}\n`;
    await expect(text).toMatchFileSnapshot(`golden/${name.replaceAll(' ', '-')}.txt`);
  });
});

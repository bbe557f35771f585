import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addForecast, showForecast } from '../../cli/forecast.ts';
import type { ForecastOptions, ForecastReport } from '../../cli/forecast-report.ts';
import { renderForecast } from '../../cli/forecast-text.ts';
import { observe } from '../../cli/observe.ts';
import { createStage, DR, HOME, jsonOf, POLICY, pointsOf, type Stage } from './fixture.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'imago-forecast-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const OPTIONS: ForecastOptions = {
  policy: POLICY,
  deployment: 'dev',
  days: 3,
  retire: 'apply',
  json: false,
};

const run = (stage: Stage, options: Partial<ForecastOptions> = {}): Promise<number> =>
  stage.run((surroundings) => showForecast({ ...OPTIONS, ...options }, surroundings));

const THREE = ['2026-11-01', '2026-11-02', '2026-11-03'];

/** A stage with three points, of which the policy keeps two and wants one copied. */
const withPoints = (columns = 100): Stage => {
  const stage = createStage({ columns });
  pointsOf(stage, THREE);
  return stage;
};

const write = (stage: Stage, region: readonly string[]) =>
  stage.run((surroundings) =>
    observe({ to: dir, region, overwrite: false, json: false }, surroundings),
  );

describe('imago forecast', () => {
  test('tells points, GiB and cost day by day, by policy and place, and what it assumes', async () => {
    const stage = withPoints(80);

    const code = await run(stage);

    expect(code).toBe(0);
    const { stdout } = stage.screen;
    expect(stdout[0]).toMatch(/^deployment dev · /);
    expect(stdout.slice(stdout.indexOf('') + 1)).toEqual([
      'day  date        points  GiB at most  $ a month  made  copied  removed',
      '  0  2026-11-03       3           24       1.30     0       0        0',
      '  1  2026-11-04       5           40       2.10     1       2        1',
      '  2  2026-11-05       5           40       2.10     1       1        2',
      '  3  2026-11-06       5           40       2.10     1       1        2',
      '',
      'policy  place         points now  most  at the end  GiB now  at the end',
      'daily   eu-central-1           3     3           3       24          24',
      'daily   eu-west-1              0     2           2        0          16',
      '',
      'The number of points is not seen to level off within 3 days.',
      'assumed:',
      '  - instances stay as they are: none comes, goes, starts, stops, or gets other',
      '    tags or volumes',
      '  - nothing fails: every image and copy is good at once, what is on its way now',
      '    included',
      '  - who uses an image now goes on doing so; nobody begins to use or to share',
      '    another',
      '  - a snapshot counts as large as its volume: snapshots are incremental, so real',
      '    use is less, mostly far less',
      '  - prices stay as they are, and a month is billed as if all of it were like',
      '    that day',
      '  - retirement removes what the policies let go, within their limits',
      '  - $0.054 a GiB and month in eu-central-1 (AWS Price List,',
      '    EUC1-EBS:SnapshotUsage, 2026-09-11)',
      '  - $0.05 a GiB and month in eu-west-1 (AWS Price List, EU-EBS:SnapshotUsage,',
      '    2026-05-01)',
    ]);
  });

  test('says the same of live AWS and of the files that were written of it', async () => {
    const stage = withPoints();
    await write(stage, [HOME, DR]);
    const live = withPoints();
    await run(live, { json: true });

    await run(stage, { json: true, from: dir, home: { account: '111122223333', region: HOME } });

    const { origin, ...told } = jsonOf<ForecastReport>(live.screen);
    const { origin: folder, ...fromFiles } = jsonOf<ForecastReport>({
      ...stage.screen,
      stdout: stage.screen.stdout.slice(stage.screen.stdout.indexOf('{')),
    });
    expect(fromFiles).toEqual({ ...told, instant: told.instant });
    expect(origin.kind).toBe('live');
    expect(folder).toEqual({ kind: 'folder', dir });
    expect(told).toMatchObject({
      version: 1,
      home: '111122223333/eu-central-1',
      retireMode: 'apply',
      problems: [],
      unsized: [],
      unpriced: [],
    });
  });

  test('finds the home by what is not copied to, where both places were observed', async () => {
    const stage = withPoints();
    await write(stage, [HOME, DR]);

    await run(stage, { from: dir });

    expect(stage.screen.stderr).toContain('home      111122223333/eu-central-1');
  });

  test('says that a place was not observed, and what stays for it, and exits with 1', async () => {
    const stage = withPoints();
    await write(stage, [HOME]);

    const code = await run(stage, { from: dir });

    expect(code).toBe(1);
    const { stdout } = stage.screen;
    expect(stdout).toContain('could not be read:');
    expect(stdout).toContain('  - 111122223333/eu-west-1: was not observed');
    expect(stdout).toContain(
      '  - so nothing that this concerns is ever removed here: PRO-23 unknown-copies',
    );
  });

  test('reckons with a price that is given, and says so', async () => {
    const stage = withPoints();

    await run(stage, { price: 0.1 });

    expect(stage.screen.stdout.find((line) => line.startsWith('  0 '))).toContain(' 2.40 ');
    expect(stage.screen.stdout).toContain('  - $0.1 a GiB and month in eu-central-1 (--price)');
  });
});

describe('the text of a forecast', () => {
  const report = (parts: Partial<ForecastReport>): ForecastReport => ({
    version: 1,
    origin: { kind: 'folder', dir: 'world' },
    deployment: 'imago',
    home: '111122223333/eu-central-1',
    policyFile: 'imago.yml',
    policyHash: '0'.repeat(64),
    retireMode: 'apply',
    instant: '2026-11-21T12:00:00.000Z',
    days: Array.from({ length: 37 }, (_, day) => ({
      day,
      instant: new Date(Date.UTC(2026, 10, 21 + day, 12)).toISOString(),
      points: 10 + day,
      sizeGiB: 80,
      dollars: 4.32,
      created: 1,
      copied: 2,
      removed: 3,
    })),
    holdings: [
      {
        policy: 'web',
        place: '111122223333/eu-central-1',
        role: 'home',
        kind: 'points',
        count: [10, 46],
        sizeGiB: [80, 80],
      },
    ],
    heldBack: [],
    problems: [],
    unsized: [],
    assumptions: ['nothing fails'],
    prices: [],
    unpriced: ['eu-west-3'],
    ...parts,
  });
  const render = (parts: Partial<ForecastReport> = {}): readonly string[] =>
    renderForecast(report(parts), { columns: 100, paint: (_style, text) => text });

  test('has a row for each week of more than a month, with all that was done in it', () => {
    expect(render().slice(0, 18)).toEqual([
      'deployment imago · imago.yml · from world · 36 days from 2026-11-21T12:00:00.000Z',
      '',
      'day  date        points  GiB at most  $ a month  made  copied  removed',
      '  0  2026-11-21      10           80       4.32     1       2        3',
      '  7  2026-11-28      17           80       4.32     7      14       21',
      ' 14  2026-12-05      24           80       4.32     7      14       21',
      ' 21  2026-12-12      31           80       4.32     7      14       21',
      ' 28  2026-12-19      38           80       4.32     7      14       21',
      ' 35  2026-12-26      45           80       4.32     7      14       21',
      ' 36  2026-12-27      46           80       4.32     1       2        3',
      '',
      'policy  place         points now  most  at the end  GiB now  at the end',
      'web     eu-central-1          10    46          46       80          80',
      '',
      'The number of points is not seen to level off within 36 days.',
      'assumed:',
      '  - nothing fails',
      '  - no price is known for eu-west-3: counted as $0',
    ]);
  });

  test('says from when on it is level', () => {
    expect(render({ levelFromDay: 7 }).slice(14, 16)).toEqual([
      'The number of points levels off from day 7 (2026-11-28): from then on it stays within 5 %, and is 46',
      'in the end.',
    ]);
  });

  test('calls nothing unread where all was read, though a tag says nothing readable', () => {
    const held = {
      reason: 'PRO-26',
      name: 'unknown-keep-until',
      place: '111122223333/eu-central-1',
      isLimit: false,
      objects: 1,
      most: 1,
      atLast: 1,
      example: 'ami-1',
      evidence: 'soon',
      first: '2026-11-22T04:30:00.000Z',
      last: '2026-12-27T04:30:00.000Z',
    } as const;

    expect(render({ heldBack: [held] })).not.toContain('could not be read:');
    expect(render({ heldBack: [held], problems: ['fleets: no file'] })).toContain(
      '  - so nothing that this concerns is ever removed here: PRO-26 unknown-keep-until',
    );
  });

  test.each([
    [1, '1 day is too few to tell whether the number of points levels off.'],
    [2, '2 days are too few to tell whether the number of points levels off.'],
    [3, 'The number of points is not seen to level off within 3 days.'],
  ])('says no more of %i days than they show', (count, text) => {
    expect(render({ days: report({}).days.slice(0, count + 1) })).toContain(text);
  });

  test('tells what is held back, and calls out what piles up by limits', () => {
    const held = {
      name: 'over-the-count-of-one-run',
      place: '111122223333/eu-central-1',
      isLimit: true,
      objects: 30,
      most: 20,
      atLast: 20,
      example: 'ami-1',
      evidence: '50 a run',
      first: '2026-11-22T04:30:00.000Z',
      last: '2026-12-27T04:30:00.000Z',
    } as const;

    const lines = render({
      heldBack: [
        { ...held, reason: 'LIM-01' },
        { ...held, reason: 'PRO-03', name: 'held', isLimit: false, evidence: '' },
      ],
    });

    expect(lines.slice(-10)).toEqual([
      'expired, and held back:',
      '  - PRO-03 held, eu-central-1: 30, at most 20 at once, 2026-11-22 to 2026-12-27, such as ami-1',
      'expired, and left by limits for a later run:',
      '  - LIM-01 over-the-count-of-one-run, eu-central-1: 30, at most 20 at once, 2026-11-22 to',
      '    2026-12-27, such as ami-1 (50 a run)',
      'More comes than one run may remove in eu-central-1, and the rest piles up: raise limits.maxRemovals',
      'if that is not meant.',
      'assumed:',
      '  - nothing fails',
      '  - no price is known for eu-west-3: counted as $0',
    ]);
  });

  test('says that there is nothing where no policy ever has a point', () => {
    expect(render({ holdings: [], levelFromDay: 0 })).toContain(
      'no policy has a point, now or then',
    );
  });
});

describe('the command line', () => {
  const parse = async (...args: readonly string[]): Promise<string> => {
    const { surroundings } = createStage();
    const said: string[] = [];
    const program = new Command()
      .exitOverride()
      .configureOutput({ writeErr: (text) => said.push(text) });
    addForecast(program, surroundings, () => undefined);
    await program.parseAsync(['node', 'imago', 'forecast', ...args]).catch(() => undefined);
    return said.join('');
  };

  test.each(['0', '367', '1.5', 'ten'])('refuses --days %s', async (days) => {
    expect(await parse('--days', days)).toContain('Expected a whole number from 1 to 366.');
  });

  test('refuses another way to retire', async () => {
    expect(await parse('--retire', 'now')).toContain("argument 'now' is invalid");
  });
});

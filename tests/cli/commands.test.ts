import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { addApply } from '../../cli/apply.ts';
import { addBackup } from '../../cli/backup.ts';
import { addInvoke } from '../../cli/invoke.ts';
import { addPlan } from '../../cli/plan.ts';
import { addValidate } from '../../cli/validate.ts';
import { createStage, POLICY, type Stage } from './fixture.ts';

/** The commands as they are typed. */
const type = async (stage: Stage, line: string): Promise<number | undefined> => {
  let code: number | undefined;
  const program = new Command('imago')
    .exitOverride()
    .configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
  for (const add of [addPlan, addApply, addBackup, addInvoke, addValidate]) {
    add(program, stage.surroundings, (ended) => {
      code = ended;
    });
  }
  await stage.run(() => program.parseAsync(line.split(' '), { from: 'user' }));
  return code;
};

describe('as they are typed', () => {
  test('plan, apply, backup and validate end with their codes', async () => {
    const stage = createStage();
    const plan = `plan --policy ${POLICY} --deployment dev`;

    expect(await type(stage, `${plan} --fail-on-change`)).toBe(3);
    expect(await type(stage, `apply --policy ${POLICY} --deployment dev --yes`)).toBe(0);
    expect(await type(stage, `${plan} --fail-on-change --json`)).toBe(0);
    expect(await type(stage, `backup ${stage.id('web-1')} --keep 7d --deployment dev`)).toBe(0);
    expect(await type(stage, `validate --policy ${POLICY} ${POLICY}`)).toBe(0);
    expect(stage.images().map(({ tags }) => tags['imago:keep-until'])).toEqual([
      undefined,
      '2026-11-10T02:10:00.000Z',
    ]);
  });

  test('a backup is kept for a hundred years at most', async () => {
    const stage = createStage();

    await expect(type(stage, 'backup i-0aa --keep 5300w')).rejects.toThrow(
      'Expected at most 36500d: to keep it for ever, leave --keep out.',
    );
    expect(await type(stage, `backup ${stage.id('web-1')} --keep 36500d`)).toBe(0);
    expect(stage.images()[0]?.tags['imago:keep-until']).toBe('2126-10-10T02:10:00.000Z');
  });

  test.each([
    'plan --retire everything',
    'plan --deployment Prod',
    'plan --deployment seventeen-letters',
    'plan --policy',
    'apply --yes=no',
    'backup',
    'backup i-0aa --keep 7days',
    'backup i-0aa --keep 0d',
    'backup i-0aa --keep 36501d',
    'backup i-0aa --keep 999999w',
    'invoke nothing --event e.json',
    'invoke dispatch',
    'validate --verbose',
  ])('%s is refused, and nothing is done', async (line) => {
    const stage = createStage();

    await expect(type(stage, line)).rejects.toThrow(/error: /);
    expect([stage.calls, stage.screen.stdout]).toEqual([[], []]);
  });
});

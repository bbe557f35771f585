import { describe, expect, test } from 'vitest';
import { wantsColours } from '../../cli/terminal.ts';

describe('colours are wanted', () => {
  test.each([
    [{}, true],
    [{ TERM: 'xterm-256color' }, true],
    [{ NO_COLOR: '' }, true],
    [{ NO_COLOR: '1' }, false],
    [{ NO_COLOR: '0' }, false],
    [{ TERM: 'dumb' }, false],
  ])('with the environment %j: %s', (environment, isWanted) => {
    expect(wantsColours(environment)).toBe(isWanted);
  });
});
